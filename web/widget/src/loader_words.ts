import type { language } from './language';

const en = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (count: number) =>
    count === 1 ? 'Open chat, 1 new message' : `Open chat, ${count} new messages`,
  chat: 'Chat',
  dismiss: 'Dismiss',
};

const zh: typeof en = {
  open: '打开聊天',
  close: '关闭聊天',
  unread: (count) => `打开聊天，${count} 条新消息`,
  chat: '聊天',
  dismiss: '忽略',
};

export const loader_words: Record<language, typeof en> = { en, zh };

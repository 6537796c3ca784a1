/// What people say in the pictures and tests of the console: `v` is the visitor, `a` the agent, `n`
/// an agent's note.
export type line = [who: 'v' | 'a' | 'n', text: string];

export interface talk {
  name: string;
  lines: line[];
}

export const english: talk[] = [
  {
    name: 'Hannah Weber',
    lines: [
      ['v', 'Hi! I ordered the walnut desk lamp on Monday and it still says “preparing”.'],
      ['v', 'Order 20418. Is it really going to be here before Friday?'],
      ['a', 'Good morning Hannah, let me look that up for you.'],
      [
        'a',
        'It left our warehouse at 7:40 this morning, the tracking page is simply slow today. ' +
          'It arrives on Thursday between 9 and 12.',
      ],
      ['v', 'Oh wonderful, thank you!'],
      ['n', 'Second delay for her this month. I have added free shipping to her next order.'],
      [
        'v',
        'One more thing: could the driver leave it with the neighbours at number 12? ' +
          'We are both at work on Thursday.',
      ],
    ],
  },
  {
    name: 'Marcus Okafor',
    lines: [
      ['v', 'The invoice for March has the old company address on it.'],
      ['a', 'I am sorry about that. Which address should it show?'],
      ['v', 'Okafor & Sons, 14 Harbour Row, Bristol BS1 4TR'],
      ['a', 'Corrected. The new invoice is in your inbox, and the next ones will have it, too.'],
    ],
  },
  {
    name: 'Priya Raman',
    lines: [
      ['v', 'I cannot log in since the update. It says my session is invalid, again and again.'],
      ['v', 'Tried another browser as well'],
    ],
  },
  {
    name: 'Tom Lindqvist',
    lines: [
      ['v', 'Do you ship to the Åland islands?'],
      ['a', 'We do, it takes two days longer than to the mainland.'],
      ['v', 'Perfect, then I will order today'],
    ],
  },
  {
    name: 'Donaudampfschifffahrtsgesellschaftskapitän',
    lines: [['v', 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(2)]],
  },
  {
    name: '<img src=x onerror=alert(1)>',
    lines: [['v', '<b>bold?</b> <script>alert("hello")</script>']],
  },
  {
    name: 'Elena Petrova',
    lines: [['v', 'Can I change the colour of an order that I placed an hour ago?']],
  },
  {
    name: 'James Whitfield',
    lines: [
      ['v', 'Hello, the discount code SPRING does not work for me.'],
      ['v', 'Hello?'],
    ],
  },
  { name: 'ليلى حداد', lines: [['v', 'مرحبا، متى يصل طلبي رقم 20391؟']] },
  {
    name: 'Sofia Marino',
    lines: [
      ['v', 'How do I return a pair of shoes?'],
      ['a', 'With the label from the parcel, within 30 days.'],
      ['v', 'Thanks a lot 🙏'],
    ],
  },
  { name: '', lines: [['v', 'hi, is anybody there?']] },
  {
    name: 'Oliver Grant',
    lines: [
      ['v', 'The app crashes when I open the basket.'],
      ['a', 'Which phone is it?'],
      ['v', 'Pixel 7'],
    ],
  },
];

export const chinese: talk[] = [
  {
    name: '陈思远',
    lines: [
      ['v', '您好，我周一下单的胡桃木台灯还显示“备货中”。'],
      ['v', '订单号 20418，周五之前真的能到吗？'],
      ['a', '陈先生早上好，我帮您查一下。'],
      ['a', '今天早上 7:40 已经出库，物流页面今天更新较慢。预计周四 9 点到 12 点之间送达。'],
      ['v', '太好了，谢谢！'],
      ['n', '这个月第二次延误，已为下一单添加免运费。'],
      ['v', '还有一件事：可以请快递员放到 12 号邻居家吗？周四我们都在上班。'],
    ],
  },
  {
    name: '林晓',
    lines: [
      ['v', '三月份的发票抬头还是旧公司名。'],
      ['a', '抱歉，请问应该改成什么？'],
      ['v', '上海晨曦科技有限公司'],
      ['a', '已更正，新发票已发送到您的邮箱。'],
    ],
  },
  {
    name: '王美琪',
    lines: [
      ['v', '更新以后一直登录不上，提示会话失效'],
      ['v', '换了浏览器也不行'],
    ],
  },
  {
    name: '赵子龙',
    lines: [
      ['v', '请问可以寄到西藏吗？'],
      ['a', '可以的，比内地晚两天左右。'],
      ['v', '好的，那我今天下单'],
    ],
  },
  { name: '周婷', lines: [['v', '一小时前下的订单可以改颜色吗？']] },
  {
    name: '吴浩然',
    lines: [
      ['v', '优惠码 SPRING 用不了'],
      ['v', '有人吗？'],
    ],
  },
  {
    name: 'Grace Liu',
    lines: [
      ['v', '鞋子怎么退货？'],
      ['a', '用包裹里的退货单，30 天内都可以。'],
      ['v', '谢谢🙏'],
    ],
  },
  {
    name: '孙悦',
    lines: [
      ['v', '打开购物车 App 就闪退'],
      ['a', '请问是什么手机？'],
      ['v', 'Pixel 7'],
    ],
  },
];

const first = (
  'Anna Ben Chloe David Emma Felix Grace Henry Ines Jonas Karin Leo Mara Noah Olga Paul ' +
  '李 张 刘 杨 黄 徐'
).split(' ');
const last = 'Adams Berg Costa Duval Eriksen Fischer Garcia Hughes Ivanov Jensen Klein Lopez'.split(
  ' ',
);
const given = '敏 静 伟 洋 艳 勇 杰 娟 涛 明 超 霞'.split(' ');
const asked = [
  'Where is my parcel?',
  'Do you have this in size 42?',
  '请问什么时候发货？',
  'The voucher was not applied.',
  '可以开电子发票吗？',
  'I would like to cancel one item of my order.',
  'Is the shop in the old town open on Sunday?',
  '收到的杯子有一个碎了',
];

export function passer_by(index: number): talk {
  const begin = first[index % first.length];
  const end = index % last.length;
  const name = /[一-龥]/.test(begin) ? begin + given[end] : `${begin} ${last[end]}`;
  return { name, lines: [['v', asked[index % asked.length]]] };
}

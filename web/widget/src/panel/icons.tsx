import { Drawn } from '../../../parts/drawn';

const paths = {
  down: 'M6 9l6 6 6-6',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  chat: 'M12 3.5c5 0 9 3.3 9 7.5s-4 7.5-9 7.5c-.9 0-1.8-.1-2.6-.3L5 20.5l.6-3.6' +
    'C4 15.6 3 13.4 3 11c0-4.2 4-7.5 9-7.5z',
  sound: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9.5a3.5 3.5 0 010 5M18 7a7 7 0 010 10',
  mute: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  end: 'M20 6L9 17l-5-5',
  alert: 'M12 8v5M12 16.5h.01M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17z',
};

export function Icon({ name, size = 20 }: { name: keyof typeof paths; size?: number }) {
  return <Drawn d={paths[name]} size={size} pen={name === 'menu' ? 2.6 : undefined} />;
}

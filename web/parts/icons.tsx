import { Drawn } from './drawn';

const paths = {
  reply: 'M10 7L4.5 12l5.5 5M5 12h8.5a6 6 0 016 6',
  edit: 'M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5',
  remove: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6',
  attach:
    'M19 11.5l-7 7a4.6 4.6 0 01-6.5-6.5l7.5-7.5a3 3 0 014.3 4.3' +
    'l-7.4 7.4a1.5 1.5 0 01-2.1-2.1l6.7-6.8',
  file: 'M6.5 3.5h7l4.5 4.5v12.5h-11.5zM13.5 3.5V8H18',
  picture: 'M4 5h16v14H4zM4.5 17l5-5.5 3.5 3.5 2.5-2.5 4 4M15 9h.01',
  save: 'M12 4.5v10M7.5 10.5l4.5 4.5 4.5-4.5M5 19h14',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
};

export function PartIcon({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  return <Drawn d={paths[name]} size={size} />;
}

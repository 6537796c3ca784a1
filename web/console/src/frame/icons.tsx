import type { ComponentChildren } from 'preact';

const drawn = (children: ComponentChildren) => () => (
  <svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
    {children}
  </svg>
);

export const SearchIcon = drawn(
  <path d="M9 3.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 9 3.8Zm3.8 9L16.5 16.5" />,
);
export const BellIcon = drawn(
  <path d="M10 3.2c-2.8 0-4.6 2-4.6 4.6 0 3.4-1.4 4.6-1.4 5.4h12c0-.8-1.4-2-1.4-5.4 0-2.6-1.8-4.6-4.6-4.6ZM8.3 15.6c.3.8.9 1.2 1.7 1.2s1.4-.4 1.7-1.2" />,
);
export const BellOffIcon = drawn(
  <path d="M6.4 5.2C7.2 4 8.5 3.2 10 3.2c2.8 0 4.6 2 4.6 4.6 0 1.6.3 2.8.7 3.7M13 13.2H4c0-.8 1.4-2 1.4-5.4M8.3 15.6c.3.8.9 1.2 1.7 1.2s1.4-.4 1.7-1.2M3.5 3.5l13 13" />,
);
export const KeyboardIcon = drawn(
  <path d="M3.5 5.5h13a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M7 11.7h6" />,
);
export const LeaveIcon = drawn(
  <path d="M8 3.8H5a1.2 1.2 0 0 0-1.2 1.2v10A1.2 1.2 0 0 0 5 16.2h3M12.5 6.5 16 10l-3.5 3.5M16 10H8" />,
);
export const TakeIcon = drawn(
  <path d="M10 3.5v8.5M6.5 8.7 10 12.2l3.5-3.5M3.8 13v2.2c0 .7.5 1.2 1.2 1.2h10c.7 0 1.2-.5 1.2-1.2V13" />,
);
export const TransferIcon = drawn(<path d="M4 7.2h11M12 4.2l3 3-3 3M16 12.8H5M8 9.8l-3 3 3 3" />);
export const ReturnIcon = drawn(
  <path d="M7.5 4.5 4 8l3.5 3.5M4 8h7.5a4.5 4.5 0 0 1 0 9H8" transform="translate(0 -.8)" />,
);
export const CloseIcon = drawn(<path d="m4.5 10.5 3.7 3.7 7.3-8.2" />);
export const CrossIcon = drawn(<path d="m5.5 5.5 9 9m0-9-9 9" />);
export const DetailsIcon = drawn(
  <path d="M4 4.2h12a1 1 0 0 1 1 1v9.6a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5.2a1 1 0 0 1 1-1ZM12.3 4.2v11.6" />,
);
export const BackIcon = drawn(<path d="M12 4.5 6.5 10l5.5 5.5" />);
export const SendIcon = drawn(<path d="M10 16V4.5M5.2 9.2 10 4.4l4.8 4.8" />);
export const LockIcon = drawn(
  <path d="M5.5 9h9a.8.8 0 0 1 .8.8v5.4a.8.8 0 0 1-.8.8h-9a.8.8 0 0 1-.8-.8V9.8a.8.8 0 0 1 .8-.8ZM7 9V6.8a3 3 0 0 1 6 0V9" />,
);
export const DownIcon = drawn(<path d="m5.5 8 4.5 4.5L14.5 8" />);
export const InboxIcon = drawn(
  <path d="M3.5 11.5 5.6 5a1 1 0 0 1 1-.7h6.8a1 1 0 0 1 1 .7l2.1 6.5v3.2a1 1 0 0 1-1 1H4.5a1 1 0 0 1-1-1v-3.2ZM3.5 11.5H7c.3 1.4 1.4 2.3 3 2.3s2.7-.9 3-2.3h3.5" />,
);
export const ChatIcon = drawn(
  <path d="M4.5 4.5h11a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1H9.5L6 17v-3H4.5a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1Z" />,
);
export const EyeIcon = drawn(
  <path d="M2.8 10S5.5 5.2 10 5.2 17.2 10 17.2 10 14.5 14.8 10 14.8 2.8 10 2.8 10ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z" />,
);
export const CloudOffIcon = drawn(
  <path d="M7 6.2A4.3 4.3 0 0 1 14.3 8 3.5 3.5 0 0 1 16.5 13.6M13.5 15H6.2A3.4 3.4 0 0 1 5.6 8.3M3.5 3.5l13 13" />,
);

/// One tick is recorded, two are delivered, two in the accent are read.
export const TicksIcon = ({ double }: { double: boolean }) => (
  <svg class="icon ticks" viewBox="0 0 20 12" width="18" height="11" aria-hidden="true">
    <path d="m2.5 6.5 3 3 6-7" />
    {double && <path d="m9.5 9 .5.5 6-7" />}
  </svg>
);

export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg class="mark" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
    <rect width="24" height="24" rx="6.5" />
    <path d="M5.5 16.5h13M7 14.5a5 5 0 0 1 10 0M12 9.5V7.5M10.8 7.3h2.4" />
  </svg>
);

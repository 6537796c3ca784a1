/// The launcher's style. It lives in a shadow root, so nothing of it reaches the host's page, and
/// `all: initial` keeps the host's inherited styles out.
export const loader_style = `
:host { all: initial; --accent: #2f5bea; --on-accent: #fff; }
* { box-sizing: border-box; }
.root {
  --gap: 20px;
  --shadow: 0 1px 2px rgb(16 20 32 / 8%), 0 8px 32px rgb(16 20 32 / 18%);
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Noto Sans SC',
    'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif;
  position: fixed; z-index: 2147483000; bottom: var(--gap); inset-inline-end: var(--gap);
}
.root.left { inset-inline-end: auto; inset-inline-start: var(--gap); }
button { font: inherit; border: 0; padding: 0; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.launcher {
  position: relative; display: grid; place-items: center; width: 56px; height: 56px;
  border-radius: 50%; background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow);
  transition: transform 150ms cubic-bezier(.2, 0, 0, 1);
}
.launcher:hover { transform: scale(1.05); }
.launcher:active { transform: scale(.97); }
.launcher svg {
  grid-area: 1 / 1; width: 26px; height: 26px; transition: opacity 150ms, transform 150ms;
}
.launcher .close { opacity: 0; transform: rotate(-45deg) scale(.7); }
.open .launcher .chat { opacity: 0; transform: rotate(45deg) scale(.7); }
.open .launcher .close { opacity: 1; transform: none; }
.count {
  position: absolute; top: -4px; inset-inline-end: -4px;
  min-width: 22px; height: 22px; padding: 0 6px;
  border-radius: 11px; border: 2px solid #fff; background: #d92f2f; color: #fff;
  font-size: 12px; font-weight: 650; line-height: 18px; text-align: center;
  font-variant-numeric: tabular-nums;
}
.frame {
  position: fixed; bottom: 88px; inset-inline-end: var(--gap);
  width: 380px; height: min(640px, calc(100vh - 96px)); height: min(640px, calc(100dvh - 96px));
  border: 0; border-radius: 16px; background: #fff; box-shadow: var(--shadow);
  opacity: 0; visibility: hidden; transform: translateY(12px); transform-origin: bottom;
  transition: opacity 150ms, transform 150ms cubic-bezier(.2, 0, 0, 1), visibility 0s 150ms;
}
.left .frame { inset-inline-end: auto; inset-inline-start: var(--gap); }
.open .frame { opacity: 1; visibility: visible; transform: none; transition-delay: 0s; }
.preview {
  position: absolute; bottom: 68px; inset-inline-end: 0; width: min(300px, calc(100vw - 40px));
  display: flex; border-radius: 12px; background: #fff; color: #16181d; box-shadow: var(--shadow);
  animation: rise 150ms cubic-bezier(.2, 0, 0, 1);
}
.left .preview { inset-inline-end: auto; inset-inline-start: 0; }
.preview .text {
  flex: 1; min-width: 0; display: flex; gap: 12px; padding: 12px 4px 12px 12px; border-radius: 12px;
  background: none; color: inherit; text-align: start;
}
.preview .face {
  flex: none; display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
}
.preview .lines { min-width: 0; }
.preview b { display: block; font-size: 13px; font-weight: 600; }
.preview .said {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden;
  overflow-wrap: anywhere; color: #454b58;
}
.preview .dismiss {
  flex: none; align-self: flex-start; width: 32px; height: 32px; margin: 4px; border-radius: 8px;
  background: none; color: #6a7080;
}
.preview .dismiss:hover { background: #f0f1f4; }
.preview .dismiss svg { width: 16px; height: 16px; vertical-align: middle; }
.open .count { display: none; }
[hidden] { display: none !important; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
@media (max-width: 479px) {
  .frame {
    inset: auto 0 auto 0; top: var(--viewport-top, 0); width: 100%;
    height: var(--viewport-height, 100dvh); border-radius: 0;
  }
  .left .frame { inset-inline: 0; }
  .open .launcher { visibility: hidden; }
}
@media (prefers-color-scheme: dark) {
  .root { --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 8px 32px rgb(0 0 0 / 48%); }
  .frame { background: #17191e; }
  .preview { background: #22252c; color: #eceef2; }
  .preview .said { color: #c3c8d2; }
  .preview .dismiss { color: #a3a9b6; }
  .preview .dismiss:hover { background: #31353e; }
  .count { border-color: #17191e; }
}
@media (prefers-reduced-motion: reduce) {
  .launcher, .launcher svg, .frame { transition: none; }
  .preview { animation: none; }
}
`;

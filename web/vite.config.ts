import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/// Five bundles of pages, one `--mode` each, and the SDK as a package. The loader alone keeps its
/// name, since host pages link to it.
const bundles: Record<string, UserConfig> = {
  loader: {
    build: {
      outDir: here('dist'),
      lib: {
        entry: here('widget/src/loader.ts'),
        formats: ['iife'],
        name: 'frontdesk_loader',
        fileName: () => 'widget.js',
      },
    },
  },
  sdk: {
    build: {
      outDir: here('sdk/dist'),
      emptyOutDir: true,
      sourcemap: true,
      lib: {
        entry: here('sdk/src/index.ts'),
        formats: ['es'],
        fileName: () => 'frontdesk.js',
      },
    },
  },
  panel: page('widget', 'panel.html'),
  console: page('console'),
  demo: page('demo'),
  status: page('status'),
};

function page(name: string, entry = 'index.html'): UserConfig {
  return {
    root: here(name),
    base: `/${name}/`,
    build: {
      outDir: here(`dist/${name}`),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: here(`${name}/${entry}`) },
    },
  };
}

export default defineConfig(({ mode }) => ({
  publicDir: false,
  logLevel: 'warn',
  ...bundles[mode],
  build: { target: 'es2020', copyPublicDir: false, emptyOutDir: false, ...bundles[mode]?.build },
  test: { include: ['**/tests/**/*.test.ts?(x)'], exclude: ['node_modules/**', 'dist/**'] },
}));

export interface picture_facts {
  width: number;
  height: number;
  thumbnail?: Blob;
}

/// The only types that a page may show; all else is handed over as a download.
const picture_types = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export function is_picture(type: string): boolean {
  return picture_types.has(type);
}

// What the node takes (docs/wire.md §9), and what is enough for a bubble on a sharp screen.
const bytes_max = 32 * 1024;
const sides_px = [480, 320, 200, 120];
const qualities = [0.8, 0.6, 0.4];

/// In a browser: how large a picture is, and a small one of it.
export async function look_at_picture(file: Blob): Promise<picture_facts | undefined> {
  if (!is_picture(file.type)) return undefined;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    // No picture after all; what it is then, the node says.
    return undefined;
  }
  const { width, height } = bitmap;
  try {
    for (const side of sides_px) {
      const canvas = draw(bitmap, Math.min(1, side / Math.max(width, height)));
      for (const quality of qualities) {
        const thumbnail = await encode(canvas, quality);
        if (thumbnail && thumbnail.size <= bytes_max) return { width, height, thumbnail };
      }
    }
    return { width, height };
  } finally {
    bitmap.close();
  }
}

function draw(bitmap: ImageBitmap, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// A browser that cannot write WebP writes PNG in its place, which is too large more often than not.
async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  const written = await to_blob(canvas, 'image/webp', quality);
  return written?.type === 'image/webp' ? written : to_blob(canvas, 'image/jpeg', quality);
}

function to_blob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

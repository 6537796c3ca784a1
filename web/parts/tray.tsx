import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { is_picture } from '../sdk/src';
import { PartIcon } from './icons';
import { size_text } from './sizes';
import type { part_words } from './words';

const chosen_max = 8;

export interface tray {
  /// The desk takes files.
  is_offered: boolean;
  chosen: File[];
  problem: string;
  add(files: Iterable<File>): void;
  remove(file: File): void;
  clear(): void;
}

/// The files that go with the next message.
export function use_tray(
  { bytes_max, is_offered }: { bytes_max: number; is_offered: boolean },
  words: part_words,
): tray {
  const [chosen, set_chosen] = useState<File[]>([]);
  const [problem, set_problem] = useState('');
  const refusal_of = (file: File, count: number): string => {
    if (file.size === 0) return words.file_faults.empty_file;
    if (file.size > bytes_max) return words.too_large(size_text(bytes_max));
    return count >= chosen_max ? words.file_faults.too_many_files : '';
  };
  return {
    is_offered,
    chosen,
    problem,
    add(files) {
      if (!is_offered) return;
      const next = [...chosen];
      const refused: string[] = [];
      for (const file of files) {
        const reason = refusal_of(file, next.length);
        if (reason) refused.push(words.not_attached(file.name, reason));
        else next.push(file);
      }
      set_chosen(next);
      set_problem(refused.join('\n'));
    },
    remove(file) {
      set_chosen(chosen.filter((each) => each !== file));
      set_problem('');
    },
    clear() {
      set_chosen([]);
      set_problem('');
    },
  };
}

export function Tray({ tray, words }: { tray: tray; words: part_words }) {
  if (tray.chosen.length === 0 && !tray.problem) return null;
  return (
    <div class="tray">
      {tray.chosen.length > 0 && (
        <ul aria-label={words.attached} data-testid="tray">
          {tray.chosen.map((file) => (
            <li key={`${file.name} ${file.lastModified} ${file.size}`}>
              <Face file={file} />
              <span class="file-names">
                <span class="file-name" dir="auto">
                  {file.name}
                </span>
                <span class="file-note">{size_text(file.size)}</span>
              </span>
              <button
                type="button"
                aria-label={words.take_off(file.name)}
                onClick={() => tray.remove(file)}
              >
                <PartIcon name="cross" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {tray.problem && (
        <p class="tray-problem" role="alert">
          {tray.problem}
        </p>
      )}
    </div>
  );
}

function Face({ file }: { file: File }) {
  const url = useMemo(() => (is_picture(file.type) ? URL.createObjectURL(file) : ''), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <span class="file-icon">{url ? <img src={url} alt="" /> : <PartIcon name="file" />}</span>;
}

/// The button that opens the browser's own dialog.
export function AttachButton({ tray, words }: { tray: tray; words: part_words }) {
  const input = useRef<HTMLInputElement>(null);
  if (!tray.is_offered) return null;
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        onChange={(event) => {
          tray.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <button
        type="button"
        class="attach"
        aria-label={words.attach}
        title={words.attach}
        data-testid="attach"
        onClick={() => input.current!.click()}
      >
        <PartIcon name="attach" size={20} />
      </button>
    </>
  );
}

/// Pictures and files that are pasted. True: there were some.
export function pasted_files(event: ClipboardEvent): File[] {
  return [...(event.clipboardData?.files ?? [])];
}

/// Files that are dropped anywhere on an element, and whether some are held over it.
export function use_drop(on_files: (files: File[]) => void) {
  const [is_over, set_over] = useState(false);
  const has_files = (event: DragEvent) => !!event.dataTransfer?.types.includes('Files');
  return {
    is_over,
    catch: {
      onDragOver: (event: DragEvent) => {
        if (!has_files(event)) return;
        event.preventDefault();
        set_over(true);
      },
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget as Node | null;
        if (!(event.currentTarget as Element).contains(to)) set_over(false);
      },
      onDrop: (event: DragEvent) => {
        if (!has_files(event)) return;
        event.preventDefault();
        set_over(false);
        on_files([...event.dataTransfer!.files]);
      },
    },
  };
}

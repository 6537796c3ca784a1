import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { desk_file } from '../sdk/src';
import { fetch_words, type attachment_place } from './attachment';
import { PartIcon } from './icons';
import { save_blob } from './pictures';

/// A picture as large as the page has room for. Escape and a press beside it close it; the focus
/// goes back to where it was.
export function Viewer(props: { file: desk_file; place: attachment_place; on_close: () => void }) {
  const { file, place, on_close } = props;
  const { conversation, pictures, files, words } = place;
  const box = useRef<HTMLDialogElement>(null);
  const [url, set_url] = useState('');
  const [problem, set_problem] = useState('');

  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const element = box.current!;
    element.showModal();
    return () => {
      element.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    let is_there = true;
    pictures.whole(conversation, file).then(
      (found) => is_there && set_url(found),
      (fault) => is_there && set_problem(fetch_words(fault, words)),
    );
    return () => void (is_there = false);
  }, [file.id]);

  const save = () =>
    files.download(conversation, file).then(
      (blob) => save_blob(blob, file.name),
      (fault) => set_problem(fetch_words(fault, words)),
    );
  return (
    <dialog
      class="viewer"
      ref={box}
      aria-label={file.name}
      data-testid="viewer"
      onCancel={(event) => {
        event.preventDefault();
        on_close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        if (!(event.target as Element).closest('button, img')) on_close();
      }}
    >
      <div class="viewer-bar">
        <span dir="auto">{file.name}</span>
        <button type="button" aria-label={words.download} onClick={() => void save()}>
          <PartIcon name="save" size={20} />
        </button>
        <button type="button" aria-label={words.close} autofocus onClick={on_close}>
          <PartIcon name="cross" size={20} />
        </button>
      </div>
      <div class="viewer-place">
        {url && <img src={url} alt={file.name} />}
        {!url && <p role="status">{problem || words.fetching}</p>}
        {url && problem && <p role="alert">{problem}</p>}
      </div>
    </dialog>
  );
}

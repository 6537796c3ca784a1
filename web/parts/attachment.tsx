import { useEffect, useRef, useState } from 'preact/hooks';
import { desk_fault, is_picture, type desk_file, type pending_file } from '../sdk/src';
import type { files } from '../sdk/src';
import { PartIcon } from './icons';
import { save_blob, type pictures } from './pictures';
import { picture_box, size_text } from './sizes';
import { Viewer } from './viewer';
import type { part_words } from './words';

export interface attachment_place {
  conversation: string;
  files: files;
  pictures: pictures;
  words: part_words;
}

/// A recorded file in its bubble: a picture with its small picture, all else as a card.
export function Attachment({ file, place }: { file: desk_file; place: attachment_place }) {
  const { conversation, pictures, words } = place;
  const [is_viewed, set_viewed] = useState(false);
  if (!is_picture(file.type)) return <Card file={file} place={place} />;
  if (!file.thumbnail) {
    return (
      <>
        <Card file={file} place={place} on_open={() => set_viewed(true)} />
        {is_viewed && <Viewer file={file} place={place} on_close={() => set_viewed(false)} />}
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        class="picture"
        style={box_style(file)}
        aria-label={words.picture_of(file.name)}
        data-testid="picture"
        onClick={() => set_viewed(true)}
      >
        <Picture name={file.id} load={() => pictures.thumbnail(conversation, file)} />
      </button>
      {is_viewed && <Viewer file={file} place={place} on_close={() => set_viewed(false)} />}
    </>
  );
}

const box_style = (file: { width?: number; height?: number }) => {
  const { width, height } = picture_box(file);
  return { inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` };
};

/// Fetched when it is near the eyes.
function Picture({ name, load }: { name: string; load: () => Promise<string> }) {
  const box = useRef<HTMLSpanElement>(null);
  const [url, set_url] = useState('');
  useEffect(() => {
    let is_there = true;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load().then(
        (found) => is_there && set_url(found),
        // The box stays: a click shows why.
        () => undefined,
      );
    });
    observer.observe(box.current!);
    return () => {
      is_there = false;
      observer.disconnect();
    };
  }, [name]);
  return (
    <span class="picture-place" ref={box}>
      {url ? <img src={url} alt="" draggable={false} /> : <PartIcon name="picture" size={24} />}
    </span>
  );
}

function Card(props: { file: desk_file; place: attachment_place; on_open?: () => void }) {
  const { file, place, on_open } = props;
  const { words } = place;
  const [is_busy, set_busy] = useState(false);
  const [problem, set_problem] = useState('');
  const size = size_text(file.bytes);
  const save = async () => {
    set_busy(true);
    set_problem('');
    try {
      save_blob(await place.files.download(place.conversation, file), file.name);
    } catch (fault) {
      set_problem(fetch_words(fault, words));
    }
    set_busy(false);
  };
  const label = on_open ? words.picture_of(file.name) : words.save_file(file.name, size);
  return (
    <button
      type="button"
      class="file-card"
      aria-label={label}
      aria-busy={is_busy}
      data-testid="file"
      onClick={on_open ?? (() => void save())}
    >
      <FileFace name={file.name} note={is_busy ? words.fetching : problem || size} of={file} />
      {!on_open && <PartIcon name="save" />}
    </button>
  );
}

export function fetch_words(fault: unknown, words: part_words): string {
  const is_gone = fault instanceof desk_fault && fault.code === 'unknown_file';
  return is_gone ? words.gone : words.not_fetched;
}

function FileFace({ name, note, of }: { name: string; note: string; of: { type: string } }) {
  return (
    <>
      <span class="file-icon">
        <PartIcon name={is_picture(of.type) ? 'picture' : 'file'} size={20} />
      </span>
      <span class="file-names">
        <span class="file-name" dir="auto">
          {name}
        </span>
        <span class="file-note" role="status">
          {note}
        </span>
      </span>
    </>
  );
}

/// A file that is on its way, under the key of its post.
export function PendingAttachment(props: {
  file: pending_file;
  post: string;
  is_failed: boolean;
  place: attachment_place;
}) {
  const { file, post, place } = props;
  const share = file.bytes > 0 ? file.sent / file.bytes : 1;
  const is_going = !props.is_failed && !file.is_complete;
  const progress = is_going && (
    <span
      class="upload"
      role="progressbar"
      aria-label={file.name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent_of(file)}
    >
      <i style={{ inlineSize: `${share * 100}%` }} />
    </span>
  );
  if (is_picture(file.type) && file.width) {
    return (
      <span class="picture" style={box_style(file)}>
        <Picture name={post} load={() => place.pictures.preview(post)} />
        {progress}
      </span>
    );
  }
  return (
    <span class="file-card">
      <FileFace name={file.name} note={size_text(file.bytes)} of={file} />
      {progress}
    </span>
  );
}

export function percent_of(file: pending_file): number {
  return Math.floor((100 * file.sent) / Math.max(1, file.bytes));
}

/// How far a file is that was not refused, and how to give it up.
export function UploadState(props: {
  file: pending_file;
  is_online: boolean;
  words: part_words;
  on_cancel: () => void;
}) {
  const { file, is_online, words } = props;
  const waits = [words.upload_waits, ...(file.is_lasting === false ? [words.keep_open] : [])];
  return (
    <>
      <span>{is_online ? words.uploading(percent_of(file)) : waits.join(' · ')}</span>
      <button type="button" class="text-button" data-testid="cancel-file" onClick={props.on_cancel}>
        {words.cancel}
      </button>
    </>
  );
}

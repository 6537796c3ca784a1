import type { new_post } from './outbox';
import type { message_event, track } from './wire';

/// For whoever follows a post through the node (docs/tracing.md).
export interface trace_options {
  /// Where it belongs in your own trace: `traceparent` of W3C Trace Context. It stays with the post
  /// until that is answered; one that is not well-formed is left out, as that standard demands.
  traceparent?: string;
}

export interface post_options extends trace_options {
  track?: track;
  /// The seq, in the same track, of the message that this one answers.
  reply_to?: number;
}

/// A file to post. A `File` brings its name along.
export interface outgoing_file {
  blob: Blob;
  name?: string;
}

export function said(text: string, options: post_options): new_post {
  const { track = 'public', reply_to } = options;
  return { text, track, reply_to, traceparent: well_formed(options) };
}

export function edited(message: message_event, text: string, options: trace_options): new_post {
  const { seq: edits, time: target_time, track = 'public' } = message;
  return { text, track, edits, target_time, traceparent: well_formed(options) };
}

export function deleted(message: message_event, options: trace_options): new_post {
  const { seq: deletes, time: target_time, track = 'public' } = message;
  return { text: '', track, deletes, target_time, traceparent: well_formed(options) };
}

const trace = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?![^-])/;

// Of a later version than 00 only the beginning is known, so only that is kept.
function well_formed({ traceparent = '' }: trace_options): string | undefined {
  const [found] = trace.exec(traceparent) ?? [];
  return found?.startsWith('00') && found !== traceparent ? undefined : found;
}

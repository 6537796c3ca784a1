/// Start here: `new desk_client({...}).connect()`, then `thread(conversation)`.
export * from './wire';
export { desk_client } from './desk_client';
export type { client_events, client_options } from './desk_client';
export type { connection_state } from './link';
export type { environment } from './environment';
export type { message_state, thread, thread_events } from './thread';
export type { outgoing_file, post_options, trace_options } from './posting';
export type { pending_file, pending_post, post_state } from './pending';
export type { pending_change, shown_event, shown_message } from './folding';
export type { files } from './files';
export { is_picture } from './picture';
export { desk_fault } from './fault';
export { create_visitor, refresh_session, sign_in } from './http';
export type { session, visitor_identity } from './http';

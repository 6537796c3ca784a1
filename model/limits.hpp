#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// All bounds of the desk, on one page: each with its reason, and the relations between them
/// asserted. A queue or an input that is not here has no business growing.
namespace frontdesk::limits {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// ---- What one connection may send.

/// One frame. Larger than the longest text with its envelope, small enough to be copied.
constexpr std::size_t frame_bytes_max = 64 * 1024;
/// A message's text: about ten pages. Longer things are files.
constexpr std::size_t text_bytes_max = 32 * 1024;
/// `hello`: a token and a name.
constexpr std::size_t hello_bytes_max = 8 * 1024;
/// An HTTP request's header block, and its body.
constexpr std::size_t header_bytes_max = 8 * 1024;
constexpr std::size_t body_bytes_max = 8 * 1024;
/// A body of frames, where a WebSocket cannot pass: what a browser has to say at once.
constexpr std::size_t frames_body_bytes_max = 128 * 1024;
constexpr std::size_t frames_per_body_max = 64;
/// Fragments of one WebSocket message: empty ones could otherwise go on for ever.
constexpr std::size_t fragments_max = 1024;
/// A JSON document: objects and lists within each other, and values in all. The largest frame of
/// ours is a `sub` of `subs_per_frame_max` conversations; what a later client may add fits as well.
constexpr std::size_t json_depth_max = 8;
constexpr std::size_t json_values_max = 1024;
/// `hello.client`: the name and version of a client, for the log.
constexpr std::size_t client_bytes_max = 64;
/// `list.after`: the node's own is shorter; what a client makes of it need not be.
constexpr std::size_t list_after_bytes_max = 128;
/// Malformed frames before the connection is closed: one may be a bug, three are an attack.
constexpr unsigned strikes_max = 3;

// ---- Posts.

/// Posts of a connection that wait for their answer; beyond it the socket is not read.
constexpr std::size_t posts_unacked_max = 32;
/// Posts of all connections of a tenant that wait for their answer; beyond it they are refused
/// `busy`. While a commit stalls for a second and a half, a tenant that says all that a node can
/// take (10,000 in a second) goes on; of the largest text it is 64 MiB of memory.
constexpr std::size_t posts_in_flight_tenant = 16384;
/// When whoever was refused so may try again: the commit that all of them wait for has ended.
constexpr milliseconds posts_in_flight_retry = 1s;
/// Answers kept per device and conversation; a device repeats at most `posts_unacked_max`.
constexpr std::size_t answers_kept_max = 64;
/// Posts that wait in one conversation for the running commit; beyond it they are refused `busy`.
constexpr std::size_t posts_waiting_max = 256;
/// Devices whose answers one awake conversation keeps at hand; the others are in the store.
constexpr std::size_t windows_at_hand_max = 32;
/// Edits of one message: its deletion reads and blanks all of them at once.
constexpr std::size_t edits_max = 32;
/// Messages whose versions one awake conversation keeps at hand, to change them.
constexpr std::size_t versions_at_hand_max = 8;
/// What a visitor has typed and not sent, as agents see it.
constexpr std::size_t typing_text_bytes_max = 1024;
/// A post that got no answer within this time is answered `busy`; the client repeats it.
constexpr milliseconds post_answer_max = 8s;

// ---- Reading.

/// Subscriptions of one connection, and of one `sub` frame. An agent has at most 100 conversations
/// at once and looks at some more.
constexpr std::size_t subs_max = 256;
constexpr std::size_t subs_per_frame_max = 64;
/// Events in one page from the store, for catch-up and for `history`.
constexpr std::size_t page_events_max = 200;
/// Bytes in one page from the store: a page of long texts must not stall a worker.
constexpr std::size_t page_bytes_max = 256 * 1024;
/// Reads of one connection under way at once; further ones wait in its bounded queue.
constexpr std::size_t reads_in_flight_max = 2;
constexpr std::size_t requests_waiting_max = 64;
/// Summaries in one `roster`, `listed` or `desk` frame.
constexpr std::size_t summaries_per_frame_max = 100;
/// Conversations in one person's roster. The open ones of a visitor, or those of an agent.
constexpr std::size_t roster_max = 1000;

/// Events that a device was pushed and has not said to have received; beyond either, pushing stops
/// and the store keeps the rest. A device on a slow link has some seconds of work with them.
constexpr std::size_t unreceived_events_max = 256;
constexpr std::size_t unreceived_bytes_max = 512 * 1024;
/// A device that does not go on for this long while its window is full is closed with `slow`.
constexpr milliseconds receive_stall_max = 30s;

// ---- Writing to a socket.

/// Bytes that wait for one socket. Above it the connection stops pushing and reads from the store
/// when the device has caught up; a quarter of it is left to answers.
constexpr std::size_t outbound_bytes_max = 256 * 1024;
/// Bytes that wait for all sockets of a tenant and of the node. Above it nothing is pushed to who
/// has `laggard_bytes` waiting; above twice as much the heaviest laggard is closed with `overload`.
/// A tenant: 128 devices that took nothing at all, or 2000 with what a second of a slow phone is.
/// The node: eight such tenants, a quarter of a gigabyte twice over on the smallest machine that
/// carries a hundred thousand connections.
constexpr std::size_t outbound_bytes_tenant = 32 * 1024 * 1024;
constexpr std::size_t outbound_bytes_node = 256 * 1024 * 1024;
/// Whoever has less waiting is no laggard: an answer or a page of short texts.
constexpr std::size_t laggard_bytes = 16 * 1024;
/// How soon a connection looks again that stopped because others have too much waiting.
constexpr milliseconds crowded_look = 250ms;
/// A device that takes nothing for this long while bytes wait is sent away; it would not read why.
constexpr milliseconds write_stall_max = 30s;

// ---- Connections.

constexpr milliseconds handshake_max = 5s;
constexpr milliseconds hello_max = 10s;
constexpr milliseconds ping_interval = 25s;
/// Nothing heard for this long: the peer is gone.
constexpr milliseconds silence_max = 35s;
/// Connections of one person; the oldest is closed for a newer one.
constexpr std::size_t connections_per_visitor_max = 5;
constexpr std::size_t connections_per_agent_max = 10;
/// Requests of one person with frames (`POST /v1/frames`) that wait for their answers.
constexpr std::size_t errands_per_person_max = 8;
/// How long such a request waits for all its answers, and a poll for anything at all. Proxies give
/// up after 30 s at the earliest.
constexpr milliseconds errand_max = 12s;
constexpr milliseconds poll_max = 25s;
/// What a poll that has something waits for more of it: the events behind a roster.
constexpr milliseconds poll_gather = 25ms;
/// Half-open handshakes of the node: each costs about 2 KB, and up to `header_bytes_max` more if it
/// sends a part of a header. Ten thousand who come back at once are all half-open at one moment.
constexpr std::size_t handshakes_max = 10'000;
/// Those who say hello that one thread carries in a second: upgrade, token, roster and first
/// subscription. `storm_benchmark` shows 5000, with clients that take their part of the same
/// processors; the rest is for what a node has to do besides.
constexpr double hellos_per_second = 3000;
/// How much of such work may wait: clients give up after 5 s, and then come twice.
constexpr milliseconds hello_backlog_max = 2s;
/// The part of the rate that those who had no seat are always given.
constexpr double fresh_share = 1.0 / 16;
/// A seat counts as one for so long after its welcome: longer than most pages are open.
constexpr milliseconds seat_life = 24h;
/// Hellos by one seat: a page that loads again and again. More are fresh ones.
constexpr double hellos_per_second_seat = 0.5;
constexpr double hellos_burst_seat = 10;
/// Nobody is asked back sooner: a node that ends and starts again needs about a second, also with
/// ten thousand connections (`storm_benchmark`).
constexpr milliseconds reconnect_pause = 1s;
/// Nor is anybody kept waiting for longer.
constexpr milliseconds reconnect_window_max = 60s;
/// Connections of one node, unless configured; the descriptors' limit may be lower.
constexpr std::size_t connections_max = 100'000;
/// How long a listener that ran out of descriptors waits before it accepts again.
constexpr milliseconds accept_pause = 100ms;

// ---- Rates, as tokens per second and burst.

constexpr double posts_per_second_visitor = 5;
constexpr double posts_burst_visitor = 20;
constexpr double posts_per_second_agent = 20;
constexpr double posts_burst_agent = 60;
constexpr double requests_per_second = 20;
constexpr double requests_burst = 60;
/// Frames of one person by `POST /v1/frames`: each request is a connection of its own, so the rates
/// above count within it only.
constexpr double frames_per_second = 20;
constexpr double frames_burst = 100;
/// Password attempts of one address and of one account.
constexpr double logins_per_second = 0.2;
constexpr double logins_burst = 10;
/// Uploads that one person begins.
constexpr double uploads_per_second = 1;
constexpr double uploads_burst = 20;
/// New anonymous visitors of one address.
constexpr double visitors_per_second = 5;
constexpr double visitors_burst = 50;

// ---- Actors.

/// A conversation that nothing reaches for this long leaves memory.
constexpr milliseconds passivate_after = 60s;
/// A person without a connection stays this long, so that a reload finds the roster warm.
constexpr milliseconds person_lingers = 10s;
/// An agent without a connection for this long has gone: the conversations go back to their queue.
constexpr milliseconds agent_grace = 30s;
/// Cursors are written at most this often.
constexpr milliseconds cursor_flush = 1s;
/// `desk`, `place` and counts are sent at most this often.
constexpr milliseconds desk_tick = 250ms;
/// How long an actor waits for another's answer, storage included.
constexpr milliseconds answer_max = 5s;
/// Messages that the registry keeps for a conversation or person that is just coming or leaving.
constexpr std::size_t parked_max = 512;
/// The same of all conversations and persons of one tenant, so that others have room.
constexpr std::size_t parked_tenant_max = 8192;
/// The same in bytes, as posts are of 32 KB at most and of a hundred bytes as a rule: of one tenant
/// what 8192 posts of 1 KB have, of all together a part of the memory that the node gives to what
/// waits for sockets.
constexpr std::size_t parked_bytes_tenant_max = 8 * 1024 * 1024;
constexpr std::size_t parked_bytes_max = 64 * 1024 * 1024;
/// What a message of no length to speak of counts: itself, and what holds it.
constexpr std::size_t parked_bytes_least = 512;
/// Conversations that ended in doubt and are woken each second: as many as a few commits can carry.
/// One tenant leaves room for others.
constexpr std::size_t unsettled_max = 4096;
constexpr std::size_t unsettled_tenant_max = 1024;
/// Those that wait for their turn, each with some 50 bytes: of a tenant as many as a team may have
/// open. Those beyond are counted in the log, and say how they stand when something reaches them.
constexpr std::size_t unsettled_waiting_max = 250'000;
constexpr std::size_t unsettled_waiting_tenant_max = 100'000;
/// Conversations that a dispatcher keeps: open ones of a team.
constexpr std::size_t open_conversations_max = 100'000;
/// Of the closed ones, so many that were closed last are looked through for one that is known by
/// its number alone: some days of a busy tenant.
constexpr std::size_t closed_searched_max = 10'000;
constexpr unsigned agent_capacity_default = 6;
/// One agent who serves a whole small shop, mostly with canned responses: two hundred at once were
/// asked for. Routing costs the same for any number.
constexpr unsigned agent_capacity_max = 200;

// ---- Watching.

/// How often somebody looks whether the workers are alive, and measures their delay.
constexpr milliseconds watch_interval = 250ms;
/// A message, or a callback of a socket, that keeps its thread longer is reported: nobody else of
/// that thread is heard meanwhile, and a person notices.
constexpr milliseconds stuck_after = 250ms;
/// Where a sync of the disk is waited for: longer than a busy disk takes, shorter than a client
/// waits for its ack.
constexpr milliseconds stuck_after_storage = 5s;
/// Where a file of the largest size is synced, by a disk that writes 35 MB in a second.
constexpr milliseconds stuck_after_files = 30s;
/// What is recent in statistics: so many readings, so far apart. Long enough for a p99, short
/// enough that a bad minute is over when it is over.
constexpr milliseconds stats_reading_every = 2s;
constexpr std::size_t stats_readings_max = 6;

// ---- Failures (docs/supervision.md).

/// Messages of a tenant in quarantine; the oldest goes for another one.
constexpr std::size_t quarantined_max = 1000;
/// Messages of the node that have ended an actor, and are known again when they come again.
constexpr std::size_t suspects_max = 4096;
/// One that comes later than this is suspected anew. Longer than any client waits between attempts.
constexpr milliseconds suspicion_max = 15min;
/// A conversation, person or dispatcher that an exception ended is back at once; one that has
/// fallen more often than this within the window, after a pause that doubles.
constexpr std::size_t falls_free_resident = 4;
/// The same of all actors of one tenant: ten poisoned posts, at two falls each.
constexpr std::size_t falls_free_tenant = 20;
/// Of how many of a tenant's the falls are told apart; all of them together count for the tenant.
constexpr std::size_t fallen_tenant_max = 1024;
/// Tenants of whose falls the supervision tree tells; the one whose last fall is longest ago goes
/// for another one.
constexpr std::size_t guests_told_max = 1000;
constexpr milliseconds falls_window = 10s;
constexpr milliseconds fall_pause_min = 100ms;
constexpr milliseconds fall_pause_max = 5s;
/// How long a node takes to end in order, unless configured. Commits end within a second, and
/// sockets take their last bytes or do not; whoever started the node kills it after 30 s or more.
constexpr milliseconds drain_max = 10s;
/// What an exception says of itself, as far as it is kept.
constexpr std::size_t thrown_bytes_max = 512;

// ---- Audit (model/audit.hpp).

/// Entries, and how old they become: a year, and the time to ask for it. Whatever is reached first;
/// at most one in a hundred, or a day, more, because they go by ranges.
constexpr std::size_t audit_entries_max = 1'000'000;
constexpr std::chrono::hours audit_age_max{400 * 24};
constexpr std::chrono::hours audit_age_slack{24};
/// The same deed again within this time is counted in the entry that there is.
constexpr milliseconds audit_repeat_window = 60s;
/// Entries that are known again so.
constexpr std::size_t audit_recent_max = 64;
/// When such a count is recorded at the latest.
constexpr milliseconds audit_count_flush = 1s;
/// Different deeds in a second, for good, and at once. Beyond it none is done: at this pace it
/// takes a day until a flood has pushed out what was before it. A bench makes its agents at once.
constexpr double audit_deeds_per_second = 10;
constexpr double audit_deeds_burst = 10'000;
/// Of one entry.
constexpr std::size_t audit_word_bytes_max = 64;
constexpr std::size_t audit_value_bytes_max = 256;
constexpr std::size_t audit_parameters_max = 32;
constexpr std::size_t audit_parameters_bytes_max = 2048;
/// Entries in one answer, and rows that are looked at for it: 10 ms of the admin socket.
constexpr std::size_t audit_page_max = 256;
constexpr std::size_t audit_scan_max = 10'000;

// ---- Overload (model/tier_rule.hpp, model/load_figure.hpp).

/// How often the load is looked at: three looks decide, so within a second.
constexpr milliseconds load_look = 250ms;
/// Between two changes of a tier.
constexpr milliseconds tier_dwell = 5s;
/// How long it must be calm before the desk goes down one step.
constexpr milliseconds tier_calm = 10s;
/// What counts as all of it: a message that waits so long for its actor, a socket for its thread,
/// a batch for the disk. Each is a tenth of what people notice, because a message passes several.
constexpr milliseconds actor_queue_max = 50ms;
constexpr milliseconds event_loop_max = 50ms;
constexpr milliseconds commit_max = 250ms;
/// Of the processors and of the memory that the process may use: what is left keeps the node able
/// to help itself.
constexpr double cpu_part = 0.90;
constexpr double memory_part = 0.90;
/// A store that refuses for so long, or memory above this part of its limit: the guard.
constexpr milliseconds guard_stall = 5s;
constexpr double guard_memory = 0.98;
/// A tenant that makes more than this part of the work while others work, too, is its cause, and
/// is held to tiers that begin this much earlier.
constexpr double tenant_share_max = 0.5;
constexpr double tenant_earlier = 0.15;
/// Beside such a cause, whoever makes less than this part of the work is spared what the node's
/// tier sheds beyond `tenant_spared_tier`: there is little to be had from them. Until their part
/// is twice as large while the node is still full.
constexpr double tenant_small = 0.10;
constexpr unsigned tenant_spared_tier = 1;
/// How long a pin may last.
constexpr std::chrono::hours tier_pin_max{24};
/// Connections that are told of a change with one look, so that telling them is no load itself.
constexpr std::size_t told_of_tier_per_look = 2000;
/// In tier 2, a message without priority is told within this time.
constexpr milliseconds delayed_push_max = 1s;
/// Messages that one conversation holds back for that.
constexpr std::size_t delayed_events_max = 64;
/// So much less often are a team's lists told from tier 1 on.
constexpr unsigned desk_tick_lean_factor = 8;
/// How long a conversation waits before it looks whether ticks may be told again.
constexpr milliseconds ticks_look = 5s;
/// In tier 3, what one lean frame carries.
constexpr std::size_t lean_events_max = 64;
constexpr std::size_t lean_bytes_max = 32 * 1024;
/// In tier 3, events in one page of history.
constexpr std::size_t lean_page_events = 20;
/// When somebody who was refused under load may come again, plus as much again by chance.
constexpr milliseconds overload_retry = 5s;

// ---- The recorder.

/// One commit: as much as one sync can carry without making the first in it wait.
constexpr std::size_t batch_appends_max = 1000;
constexpr std::size_t batch_bytes_max = 1024 * 1024;
/// What one tenant may put into a batch per turn while others wait.
constexpr std::size_t tenant_turn_bytes = 64 * 1024;
/// Posts that one append carries: what waited in its conversation.
constexpr std::size_t append_posts_max = 64;

// ---- Storage.

/// Below either, posts are refused before the ack: RocksDB needs room to flush and to recover. More
/// than the last it never needs, however large the disk.
constexpr std::uint64_t free_bytes_min = 1ULL << 30U;
constexpr unsigned free_percent_min = 5;
constexpr std::uint64_t free_bytes_enough = 8ULL << 30U;
/// Kept aside, given back when the disk is full, so that recovery has room.
constexpr std::uint64_t reserve_bytes = 256ULL << 20U;
constexpr milliseconds space_check = 1s;

// ---- Files.

/// A file, unless configured otherwise: a photograph, a scan, a short film; and the most that may
/// be configured, so that to look at one never takes longer than a few seconds.
constexpr std::uint64_t file_bytes_max = 25ULL << 20U;
constexpr std::uint64_t file_bytes_configurable_max = 1ULL << 30U;
/// The body of one PATCH: what a proxy lets pass that nobody configured (nginx: 1 MiB).
constexpr std::size_t chunk_bytes_max = 1024 * 1024;
/// What is in memory of a file, of one request that brings or fetches it.
constexpr std::size_t file_piece_bytes = 64 * 1024;
/// The small picture of a file, made by who uploads it.
constexpr std::size_t thumbnail_bytes_max = 32 * 1024;
constexpr std::uint32_t thumbnail_side_max = 1024;
/// Pixels a side of a picture: twice what a telephone makes. A browser that decodes more dies.
constexpr std::uint32_t picture_side_max = 16'384;
/// Requests of the node that bring or fetch a file at the same time: each has a descriptor and a
/// piece.
constexpr std::size_t files_under_way_max = 256;
/// Of one tenant, so that others have the rest, and of one person: what a page loads side by side.
constexpr std::size_t files_under_way_tenant = 192;
constexpr std::size_t files_under_way_person = 16;
/// Uploads that were not posted yet: of a person, with their bytes in largest files, and of a
/// tenant.
constexpr std::size_t uploads_per_person_max = 20;
constexpr std::size_t upload_bytes_per_person_factor = 4;
constexpr std::size_t uploads_per_tenant_max = 1000;
constexpr std::uint64_t upload_bytes_per_tenant_max = 4ULL << 30U;
/// After this time without a byte, an upload makes room for another one of its tenant.
constexpr milliseconds upload_stale_after = 10min;
/// What was not posted within this time is dropped; looked for this often.
constexpr milliseconds upload_life = 24h;
constexpr milliseconds upload_sweep = 1min;
/// Posted files that one such look compares with their messages.
constexpr std::size_t files_per_sweep_max = 200;
/// A PATCH that brings nothing for this long, and one as a whole: 1 MiB at 9 KB/s.
constexpr milliseconds upload_stall_max = 15s;
constexpr milliseconds upload_request_max = 120s;

// ---- Names and settings.

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t email_bytes_max = 254;
constexpr std::size_t password_bytes_max = 256;
constexpr std::size_t password_bytes_min = 8;
constexpr std::size_t preview_bytes_max = 160;
/// As file systems have it, and the longest registered media types with a margin.
constexpr std::size_t file_name_bytes_max = 255;
constexpr std::size_t file_type_bytes_max = 127;
constexpr std::size_t origins_max = 32;
constexpr std::size_t token_bytes_max = 4096;

// ---- Operators.

/// Sockets of the internal port: probes, a few Prometheus servers, a few pages. When all are taken,
/// the one that has been silent for longest makes room, so that a probe always gets in.
constexpr std::size_t internal_connections_max = 64;
/// What stays of the log in memory, and of a field of each of its lines: 256 × 5 × 512 bytes at
/// most.
constexpr std::size_t notices_max = 256;
constexpr std::size_t notice_bytes_max = 512;
/// Tenants and queues that have series of their own in `/metrics`; the rest are one series each,
/// because every series costs its reader 3 KB, and for weeks.
constexpr std::size_t metric_tenants_max = 50;
constexpr std::size_t metric_queues_max = 100;

// ---- Traces.

/// Posts that come flagged for a trace, of all connections: enough for whoever looks for something,
/// nothing that a flood of flags would be felt by.
constexpr double traces_flagged_per_second = 50;
constexpr double traces_flagged_burst = 200;
/// Spans that wait for the collector, 200 bytes each; what comes beyond is left out and counted.
constexpr std::size_t spans_waiting_max = 8192;
/// One request to the collector has so many, or what has come within this time.
constexpr std::size_t spans_per_export_max = 512;
constexpr milliseconds export_every = 1s;
/// The collector's time for one request, the tries for each, and the pause between them, which
/// doubles up to the second figure.
constexpr milliseconds export_answer_max = 5s;
constexpr unsigned export_tries_max = 5;
constexpr milliseconds export_pause_min = 500ms;
constexpr milliseconds export_pause_max = 30s;
/// What a collector may answer, and what the end of the node waits for the last spans.
constexpr std::size_t export_answer_bytes_max = 64 * 1024;
constexpr milliseconds export_flush_max = 1s;
/// Pushes of traced messages that one connection is behind with; further ones have no span.
constexpr std::size_t deliveries_traced_max = 64;
/// Operators who watch live; how long at most; after what silence one is taken for gone.
constexpr std::size_t watches_max = 16;
constexpr milliseconds watch_max = 24h;
constexpr milliseconds watch_silence_max = 5s;
/// Lines that wait for one who watches, and those of one answer.
constexpr std::size_t watch_lines_max = 1024;
constexpr std::size_t watch_lines_per_answer = 32;

static_assert(text_bytes_max + 1024 < frame_bytes_max,
              "a text fits a frame, unless all of it is escaped");
static_assert(posts_unacked_max * 2 <= answers_kept_max, "a repeated post finds its answer");
static_assert(posts_unacked_max < posts_waiting_max,
              "one device alone never finds a conversation busy");
static_assert(page_bytes_max <= outbound_bytes_max, "a page fits the outbound bound");
static_assert(page_events_max <= unreceived_events_max && page_bytes_max <= unreceived_bytes_max,
              "a page fits the window of a device");
static_assert(2 * laggard_bytes <= outbound_bytes_max &&
              outbound_bytes_max * 100 <= outbound_bytes_tenant &&
              outbound_bytes_tenant < outbound_bytes_node);
static_assert(hello_backlog_max * 2 < hello_max);
static_assert(subs_per_frame_max <= subs_max);
static_assert(subs_per_frame_max * 4 + 3 <= json_values_max / 2 && subs_max < json_values_max,
              "the largest frames can be read, and longer ones that clients may come to send");
static_assert(hello_bytes_max <= frame_bytes_max && token_bytes_max < hello_bytes_max);
static_assert(hello_bytes_max + frames_per_body_max < frames_body_bytes_max &&
              frame_bytes_max < frames_body_bytes_max && frames_per_body_max <= frames_burst);
static_assert(errand_max > post_answer_max + 2s, "a post's answer finds its request");
static_assert(file_bytes_max <= file_bytes_configurable_max &&
              uploads_burst <= uploads_per_person_max);
static_assert(append_posts_max <= batch_appends_max);
static_assert(watch_interval <= stuck_after && stuck_after_storage <= post_answer_max,
              "who is stuck is told of before clients give up");

static_assert(spans_per_export_max * 2 <= spans_waiting_max && export_flush_max < drain_max);

static_assert(load_look * 3 < tier_dwell && tier_dwell < tier_calm);
static_assert(delayed_push_max < post_answer_max);
static_assert(silence_max > ping_interval + ping_interval / 10 + 5s,
              "a ping has time for its answer");
static_assert(post_answer_max > answer_max, "a conversation answers before its caller gives up");
static_assert(text_bytes_max * append_posts_max > batch_bytes_max, "bytes bound a batch, too");

}  // namespace frontdesk::limits

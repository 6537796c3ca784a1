import type { desk_fault, list_view, listed_frame } from '../../../sdk/src';
import type { roll } from '../list/roll';

const page_items = 100;
/// Mine and the queue are fetched wholly, up to this; the long lists as far as somebody scrolls.
const whole_pages_max = 10;

interface listing {
  loading: boolean;
  loaded: boolean;
  /// The last page that was asked for did not come.
  missed: boolean;
  after?: string;
}

const untouched = (): listing => ({ loading: false, loaded: false, missed: false });

/// Fetches the pages of the four lists into the roll.
export class listings {
  private states: Record<list_view, listing> = this.none();
  // Answers of an earlier connection are not taken for this one's.
  private turn = 0;
  private is_waiting = false;

  constructor(
    private readonly roll: roll,
    private readonly list: (
      view: list_view,
      after?: string,
      limit?: number,
    ) => Promise<listed_frame>,
    private readonly me: () => string,
    private readonly changed: () => void,
    private readonly later: (ms: number, what: () => void) => void,
  ) {}

  is_loaded(view: list_view): boolean {
    return this.states[view].loaded;
  }

  is_loading(view: list_view): boolean {
    return this.states[view].loading;
  }

  has_more(view: list_view): boolean {
    return this.states[view].after !== undefined;
  }

  /// A new connection: what is shown stays, and is compared with the desk again.
  begin_again(): void {
    this.turn++;
    const was = this.states;
    this.states = this.none();
    for (const view of Object.keys(was) as list_view[]) {
      this.states[view].loaded = was[view].loaded;
    }
    this.roll.begin_again();
    void this.whole('mine');
    void this.whole('queue');
    void this.page('all');
    if (was.closed.loaded) void this.page('closed');
  }

  open(view: list_view): void {
    const state = this.states[view];
    if (!state.loaded && !state.loading) void this.page(view);
  }

  more(view: list_view): void {
    if (this.has_more(view) && !this.states[view].loading) void this.page(view);
  }

  /// The desk has come back from its load: it refuses no list any more.
  ask_again(): void {
    for (const view of Object.keys(this.states) as list_view[]) {
      const { missed, loading } = this.states[view];
      if (!missed || loading) continue;
      void (view === 'mine' || view === 'queue' ? this.whole(view) : this.page(view));
    }
  }

  private ask_after(ms?: number): void {
    if (ms === undefined || this.is_waiting) return;
    this.is_waiting = true;
    this.later(ms, () => {
      this.is_waiting = false;
      this.ask_again();
    });
  }

  private none(): Record<list_view, listing> {
    return { mine: untouched(), queue: untouched(), all: untouched(), closed: untouched() };
  }

  private async whole(view: list_view): Promise<void> {
    const turn = this.turn;
    for (let pages = 0; pages < whole_pages_max; pages++) {
      if (!(await this.page(view)) || turn !== this.turn || !this.has_more(view)) return;
    }
  }

  private async page(view: list_view): Promise<boolean> {
    const turn = this.turn;
    const state = this.states[view];
    state.loading = true;
    this.changed();
    try {
      const page = await this.list(view, state.after, page_items);
      if (turn !== this.turn) return false;
      this.roll.merge(page.items);
      state.after = page.after;
      state.loaded = true;
      state.missed = false;
      if (page.after === undefined) this.roll.settle(view, this.me());
      return true;
    } catch (fault) {
      // Without a connection there is nothing to list; the next one begins again. A desk under load
      // is asked again at its end, and when it says, since an end so soon may not be told.
      state.missed = true;
      this.ask_after((fault as Partial<desk_fault>).retry_after_ms);
      return false;
    } finally {
      state.loading = false;
      this.changed();
    }
  }
}

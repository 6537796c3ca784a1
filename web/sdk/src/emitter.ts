/// A typed list of listeners. `events` maps each event's name to what its listeners are given.
export class emitter<events extends object> {
  private readonly listeners_ = new Map<keyof events, Set<(value: never) => void>>();

  /// The answer ends the subscription.
  on<name extends keyof events>(name: name, listener: (value: events[name]) => void): () => void {
    const set = this.listeners_.get(name) ?? new Set();
    this.listeners_.set(name, set);
    set.add(listener as (value: never) => void);
    return () => void set.delete(listener as (value: never) => void);
  }

  protected emit<name extends keyof events>(name: name, value: events[name]): void {
    for (const listener of [...(this.listeners_.get(name) ?? [])]) {
      (listener as (value: events[name]) => void)(value);
    }
  }
}

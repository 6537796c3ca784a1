/// When the page was last hidden or without its connection: what arrived then, nobody saw come.
export class absence {
  private last?: { from: number; until?: number };

  begin(now: number): boolean {
    if (this.last && this.last.until === undefined) return false;
    this.last = { from: now };
    return true;
  }

  end(now: number): void {
    if (this.last) this.last.until ??= now;
  }

  covers(time: number): boolean {
    const { last } = this;
    return last !== undefined && time >= last.from && time <= (last.until ?? Infinity);
  }
}

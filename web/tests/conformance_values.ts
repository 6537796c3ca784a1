/// The values that a conformance vector's names stand for (tests/conformance/README.md).

export type json = null | boolean | number | string | json[] | json_object;
export type json_object = { [key: string]: json };

const forms: Record<string, (value: json) => boolean> = {
  any: () => true,
  hex16: (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
  hex32: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
  int: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  time: (value) => Number.isSafeInteger(value) && (value as number) > 1.6e12,
  text: (value) => typeof value === 'string',
};

export const agent_of = (who: string): boolean => /^(mia|leo)\d*$/.test(who);

export class known_values {
  private readonly known_ = new Map<string, json>();

  bind(name: string, value: json): void {
    this.known_.set(name, value);
  }

  /// A frame as it is sent.
  filled(pattern: json): json {
    if (is_name(pattern)) {
      const value = this.known_.get(pattern.slice(1));
      if (value === undefined) throw new Error(`unknown: ${pattern}`);
      return value;
    }
    if (Array.isArray(pattern)) return pattern.map((each) => this.filled(each));
    if (pattern === null || typeof pattern !== 'object') return pattern;
    const repeat = pattern.$repeat as [string, number] | undefined;
    if (repeat) return repeat[0].repeat(repeat[1]);
    const entries = Object.entries(pattern).map(([key, value]) => [key, this.filled(value)]);
    return Object.fromEntries(entries);
  }

  /// '' if the value fits, and else why it does not. Binds the names that it meets first, unless
  /// the value does not fit.
  misfit(pattern: json, value: json): string {
    const before = new Map(this.known_);
    const why = this.misfit_(pattern, value);
    if (why) {
      this.known_.clear();
      before.forEach((each, name) => this.known_.set(name, each));
    }
    return why;
  }

  private misfit_(pattern: json, value: json): string {
    if (is_name(pattern)) return this.misfit_named_(pattern.slice(1), value);
    if (Array.isArray(pattern)) {
      if (!Array.isArray(value) || value.length !== pattern.length) {
        return `${text_of(value)} has not as many elements`;
      }
      return pattern.map((each, i) => this.misfit_(each, value[i])).find(Boolean) ?? '';
    }
    if (pattern === null || typeof pattern !== 'object') {
      return pattern === value ? '' : `${text_of(value)} is not ${text_of(pattern)}`;
    }
    if ('$not' in pattern) {
      return this.misfit_(pattern.$not, value) ? '' : `is ${text_of(pattern.$not)}`;
    }
    if ('$repeat' in pattern) return this.filled(pattern) === value ? '' : 'is another text';
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return `${text_of(value)} is no object`;
    }
    for (const [key, wanted] of Object.entries(pattern)) {
      const must_lack = wanted === '$absent';
      const is_there = value[key] !== undefined;
      if (must_lack === is_there) return `${key} is ${must_lack ? 'there' : 'not there'}`;
      const why = must_lack ? '' : this.misfit_(wanted, value[key]);
      if (why) return `${key}: ${why}`;
    }
    return '';
  }

  private misfit_named_(name: string, value: json): string {
    const form = name.split('.')[0];
    if (!forms[form]) throw new Error(`$${form} is no form`);
    if (!forms[form](value)) return `${text_of(value)} is no ${form}`;
    if (form === name) return '';
    if (!this.known_.has(name)) this.known_.set(name, value);
    const known = this.known_.get(name)!;
    return known === value ? '' : `${text_of(value)} is not ${text_of(known)}`;
  }
}

function is_name(pattern: json): pattern is string {
  return typeof pattern === 'string' && pattern.startsWith('$');
}

function text_of(value: json): string {
  return JSON.stringify(value).slice(0, 300);
}

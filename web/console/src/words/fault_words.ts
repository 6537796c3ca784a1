import { desk_fault } from '../../../sdk/src';
import type { words } from './en';

/// What went wrong, for the agent who caused it or can do something about it.
export function fault_words(fault: unknown, words: words): string {
  if (!(fault instanceof desk_fault)) return words.faults.other;
  if (fault.code === 'offline' || fault.code === 'timeout') return words.result.notNow;
  if (fault.code.startsWith('storage_')) return words.faults.storage;
  const known = code_words(fault.code, words);
  return known ?? (fault.retry ? words.faults.later : words.faults.other);
}

export function code_words(code: string, words: words): string | undefined {
  return Object.prototype.hasOwnProperty.call(words.faults, code)
    ? words.faults[code as keyof words['faults']]
    : undefined;
}

export function login_words(fault: unknown, words: words): string {
  if (!(fault instanceof desk_fault)) return words.login.refused;
  if (fault.code === 'bad_credentials') return words.login.wrong;
  if (fault.code === 'rate_limited') return words.login.tooFast;
  return fault.code === 'unreachable' ? words.login.unreachable : words.login.refused;
}

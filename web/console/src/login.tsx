import { useRef, useState } from 'preact/hooks';
import { desk_fault } from '../../sdk/src';
import { EyeIcon, Mark } from './frame/icons';
import type { agent_session } from './state/session';
import { login_words } from './words/fault_words';
import { use_words } from './words/words';

// With one tenant the desk needs no name; with several it answers one of these.
const tenant_faults = new Set(['bad_value', 'bad_frame', 'not_found']);

export function Login(properties: {
  session: agent_session;
  ended: boolean;
  on_begun: () => void;
}) {
  const { session, ended, on_begun } = properties;
  const words = use_words().login;
  const all_words = use_words();
  const known_tenant = new URLSearchParams(location.search).get('tenant') ?? '';
  const [needs_tenant, set_needs_tenant] = useState(known_tenant !== '');
  const [working, set_working] = useState(false);
  const [shown, set_shown] = useState(false);
  const [problem, set_problem] = useState(ended ? words.ended : '');
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const data = new FormData(form.current!);
    const field = (name: string): string => String(data.get(name) ?? '').trim();
    set_working(true);
    set_problem('');
    try {
      await session.begin(field('email'), String(data.get('password') ?? ''), field('tenant'));
      on_begun();
    } catch (fault) {
      set_working(false);
      const lacks_tenant = fault instanceof desk_fault && tenant_faults.has(fault.code);
      if (lacks_tenant && !needs_tenant) return set_needs_tenant(true);
      set_problem(login_words(fault, all_words));
      form.current?.querySelector<HTMLInputElement>('[name=password]')?.select();
    }
  };

  return (
    <main class="login" data-testid="login">
      <form ref={form} onSubmit={submit} aria-busy={working}>
        <Mark size={44} />
        <h1>{words.title}</h1>
        <p class="subtitle">{words.subtitle}</p>
        {problem && (
          <p class="problem" role="alert" data-testid="login-problem">
            {problem}
          </p>
        )}
        {needs_tenant && (
          <label>
            {words.tenant}
            <input
              name="tenant"
              required
              autofocus
              autocomplete="organization"
              defaultValue={known_tenant}
            />
            <small>{words.tenantHint}</small>
          </label>
        )}
        <label>
          {words.email}
          <input
            name="email"
            type="email"
            required
            autofocus={!needs_tenant}
            autocomplete="username"
          />
        </label>
        <label>
          {words.password}
          <span class="password">
            <input
              name="password"
              type={shown ? 'text' : 'password'}
              required
              autocomplete="current-password"
            />
            <button
              type="button"
              class="quiet"
              aria-pressed={shown}
              aria-label={shown ? words.hidePassword : words.showPassword}
              onClick={() => set_shown(!shown)}
            >
              <EyeIcon />
            </button>
          </span>
        </label>
        <button class="primary" disabled={working} data-testid="login-submit">
          {working ? words.submitting : words.submit}
        </button>
      </form>
    </main>
  );
}

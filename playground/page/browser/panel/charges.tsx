import type { JSX } from 'preact';
import type { ProviderView } from '../../protocol.ts';
import { countText, dollarsText } from '../pieces/words.ts';

/** What was charged, what is left, and how often the bot called. */
export function Charges({ provider }: { readonly provider: ProviderView }): JSX.Element {
  const total = provider.charges.reduce((sum, { amount }) => sum + amount, 0);
  return (
    <>
      <dl class="figures">
        <Figure name="Charged" value={dollarsText(total)} note={`in ${countText(provider.charges.length, 'charge')}`} />
        <Figure name="Calls" value={String(provider.callsInLastMinute)} note="in the last minute" />
      </dl>
      <table class="accounts">
        <caption class="visually-hidden">Accounts at the provider</caption>
        <thead>
          <tr>
            <th scope="col">Server</th>
            <th scope="col">Wallet</th>
          </tr>
        </thead>
        <tbody>
          {provider.accounts.map(({ id, guildName, balance }) => (
            <tr key={id}>
              <td>{guildName}</td>
              <td>{dollarsText(balance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Figure({ name, value, note }: Readonly<Record<'name' | 'value' | 'note', string>>): JSX.Element {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong> <span class="faint">{note}</span>
      </dd>
    </div>
  );
}

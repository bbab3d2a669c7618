import { describe, expect, it } from 'vitest';
import { config } from '../../../src/commands/config/config-command.ts';
import { UserError } from '../../../src/lib/errors.ts';
import type { ChannelId, RoleId } from '../../../src/lib/ids.ts';
import { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import { aJob } from '../../services/jobs/job-builder.ts';
import { problemsOfMessage } from '../../services/threads/cards/discord-rules.ts';
import { answerIn, fakeInteraction, modalIn, type Asked } from '../fake-interaction.ts';
import { fakeServices, keyFacts, noUsage } from '../fake-services.ts';
import { use } from '../use-handler.ts';

describe('/config', () => {
  const run = async (subcommand: string, asked: Asked = {}, services = fakeServices()) => {
    const interaction = fakeInteraction('command', { isAdmin: true, subcommand, ...asked });
    await config.execute!(interaction as never, services);
    return { text: answerIn(interaction), calls: services.calls };
  };

  it.each((config.payload as { options: readonly { name: string }[] }).options.map(({ name }) => name))(
    '%s is refused to people who may not manage the server',
    async (subcommand) => {
      const services = fakeServices({ key: keyFacts });
      await expect(run(subcommand, { isAdmin: false }, services)).rejects.toThrow(UserError);
      expect(services.calls).toEqual([]);
    },
  );

  it('refuses the modal and the button too: they outlive a lost permission', async () => {
    const texts = { api_key: 'a-key-of-the-tests' };
    const services = fakeServices();
    await expect(use(config.modals?.key, 'key:guild1', { texts }, services)).rejects.toThrow(/admins/);
    await expect(use(config.buttons?.forget, 'forget:guild1', {}, services)).rejects.toThrow(/admins/);
    expect(services.calls).toEqual([]);
  });

  const texts = { api_key: ' a-key-of-the-tests ' };
  const setKey = (services: ReturnType<typeof fakeServices>) =>
    use(config.modals?.key, 'key:guild1', { isAdmin: true, texts, isFromMessage: false }, services);

  it('hides a key from the log before anything can fail, stores it once it is accepted, and shows four characters', async () => {
    const { interaction, calls } = await setKey(fakeServices());
    expect(calls).toEqual(['secrets.add a-key-of-the-tests', 'vault.keep a-key-of-the-tests', 'desk.lookAgain guild1']);
    expect(answerIn(interaction)).toContain('`ests`');
    expect(answerIn(interaction)).not.toContain('a-key-of');
  });

  it('stores no key that the provider refuses, and says where to copy it', async () => {
    const wrong = new TrainingApiError('rejected', 'Cannot list', { reason: 'key', said: 'Invalid API key' });
    const services = fakeServices({ api: { list: async () => Promise.reject(wrong) } });
    await expect(setKey(services)).rejects.toThrow(/does not accept this key, so it was not stored.*API keys/);
    expect(services.calls).toEqual(['secrets.add a-key-of-the-tests']);
  });

  it('stores no key that could not be checked', async () => {
    const silent = new TrainingApiError('unavailable', 'Cannot list: no answer');
    const services = fakeServices({ api: { list: async () => Promise.reject(silent) } });
    await expect(setKey(services)).rejects.toThrow(/could not be checked and was not stored/);
    expect(services.calls).toEqual(['secrets.add a-key-of-the-tests']);
  });

  const wandb = (wandb_key: string, services = fakeServices()) =>
    use(config.modals?.wandb, 'wandb:guild1', { isAdmin: true, texts: { wandb_key }, isFromMessage: false }, services);

  it('hides a key of Weights & Biases from the log before it is stored, and shows four characters', async () => {
    const { interaction, calls } = await wandb(' a-key-of-the-tests ');
    expect(calls).toEqual(['secrets.add a-key-of-the-tests', 'wandb.keep a-key-of-the-tests']);
    expect(answerIn(interaction)).toContain('`ests`');
    expect(answerIn(interaction)).not.toContain('a-key-of');
  });

  it('removes the key of Weights & Biases when the form is sent empty', async () => {
    const { interaction, calls } = await wandb(' ');
    expect(calls).toEqual(['wandb.forget']);
    expect(answerIn(interaction)).toMatch(/No key of Weights & Biases is stored/);
  });

  it('takes nothing for a key of Weights & Biases that is none, and no form of somebody who is no admin', async () => {
    const services = fakeServices();
    await expect(wandb('two words here', services)).rejects.toThrow(/not an API key.*wandb\.ai\/authorize/);
    const texts = { wandb_key: 'a-key-of-the-tests' };
    await expect(use(config.modals?.wandb, 'wandb:guild1', { texts }, services)).rejects.toThrow(/admins/);
    expect(services.calls).toEqual([]);
  });

  it('show tells everything that is set, in words, and the wallet', async () => {
    const { text } = await run('show', {}, fakeServices({ key: keyFacts }));
    expect(text).toMatch(/ends in `k3y9`, set by <@ada>.*43\.60 USD/);
    expect((await run('show', {}, fakeServices({ wandb: keyFacts }))).text).toMatch(/Biases key:\*\* ends in `k3y9`/);
    expect(text).toMatch(/Method:\*\* LoRA for SDXL, \$1\.00/);
    expect(text).toMatch(/Crop:\*\* Where the picture draws the eye/);
    expect((await run('show')).text).toMatch(/none yet\. Set it with \/config key/);
  });

  it('show names every subcommand that changes something of it', async () => {
    const subcommands = (config.payload as { options: readonly { name: string }[] }).options.map(({ name }) => name);
    const changing = subcommands.filter((name) => name !== 'show' && name !== 'forget');
    expect(changing).toContain('plan');
    const lastLine = (await run('show')).text.split('\n').at(-1);
    for (const name of changing) expect(lastLine).toContain(`/config ${name}`);
  });

  it('show works while the provider is silent', async () => {
    const api = { wallet: async () => Promise.reject(new Error('no answer')) };
    const { text } = await run('show', {}, fakeServices({ key: keyFacts, api }));
    expect(text).toMatch(/ends in `k3y9`/);
    expect(text).not.toContain('wallet holds');
  });

  it('changes only what was given', async () => {
    const { calls } = await run('defaults', { options: { method: 'dreambooth', base_model: ' own ' } });
    expect(calls).toEqual(['settings.change {"method":"dreambooth","baseModel":"own"}']);
    expect((await run('privacy', { options: { crops: 'upload', threads: 'private' } })).calls).toEqual([
      'settings.change {"handOver":"upload","threads":"private"}',
    ]);
  });

  it('access says what models may be of, and has the cards of orders drawn again', async () => {
    const { calls, text } = await run('access', { options: { subjects: 'no-people' } });
    expect(calls).toEqual(['settings.change {"subjects":"no-people"}', 'desk.lookAgain guild1']);
    expect(text).toContain('Models may be of:** Objects and styles only');
    expect((await run('show')).text).toContain('Models may be of:** Everything');
  });

  it('access asks in a form who may train and where, and shows what was chosen', async () => {
    const interaction = fakeInteraction('command', { isAdmin: true, subcommand: 'access' });
    const known = { cache: { has: (id: string) => id !== 'gone' } };
    Object.assign(interaction, { guild: { available: true, roles: known, channels: known } });
    const settings = { roles: ['artist' as RoleId, 'gone' as RoleId], channels: ['studio' as ChannelId] };
    await config.execute!(interaction as never, fakeServices({ settings }));
    const shown = JSON.stringify(modalIn(interaction));
    expect(shown).toContain('"default_values":[{"id":"artist","type":"role"}]');
    expect(shown).toContain('"default_values":[{"id":"studio","type":"channel"}]');

    const picked = { roles: ['artist', 'guests'], channels: ['studio'] };
    const sent = await use(config.modals?.access, 'access:guild1', { isAdmin: true, texts: {}, picked });
    expect(sent.calls).toEqual(['settings.change {"roles":["artist","guests"],"channels":["studio"]}']);
    expect(answerIn(sent.interaction)).toMatch(/Who may train:\*\* members with <@&artist> or <@&guests>, and admins/);
    expect(answerIn(sent.interaction)).toMatch(/Where:\*\* <#studio>; admins everywhere/);
  });

  it.each([
    ['is not known', null],
    ['is not there yet', { available: false, roles: { cache: new Map() }, channels: { cache: new Map() } }],
  ])('access shows no empty form, which would open training to everybody, while the server %s', async (_how, guild) => {
    const interaction = Object.assign(fakeInteraction('command', { isAdmin: true, subcommand: 'access' }), { guild });
    const open = (settings: object) => config.execute!(interaction as never, fakeServices({ settings }));
    await expect(open({ roles: ['artist' as RoleId] })).rejects.toThrow(UserError);
    await expect(open({ channels: ['studio' as ChannelId] })).rejects.toThrow(/try again in a minute/);
    expect(interaction.answers).toEqual([]);
    await open({});
    expect(interaction.answers).toHaveLength(1);
  });

  it('access opens training to everybody everywhere when the form is sent empty', async () => {
    const { calls, interaction } = await use(config.modals?.access, 'access:guild1', { isAdmin: true, texts: {} });
    expect(calls).toEqual(['settings.change {"roles":[],"channels":[]}']);
    expect(answerIn(interaction)).toMatch(/Who may train:\*\* whoever may use the commands\n\*\*Where:\*\* everywhere/);
  });

  it('shows the longest lists of roles and channels in one message', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `1234567890123456${String(index).padStart(3, '0')}`);
    const most = { memberAtOnce: 999, serverAtOnce: 999, memberPerDay: 999, memberPerMonth: 999, usdPerMonth: 999_999 };
    const settings = { roles: ids as RoleId[], channels: ids as ChannelId[], ...most };
    const { text } = await run('show', {}, fakeServices({ settings, key: keyFacts, wandb: keyFacts }));
    expect(problemsOfMessage({ content: text })).toEqual([]);
  });

  it('limits takes what is given, 0 for none, leaves the rest, and has the cards of orders drawn again', async () => {
    const options = { member_per_day: 3, dollars_per_month: 49.5, server_at_once: 0 };
    const { calls, text } = await run('limits', { options });
    expect(calls).toEqual(['settings.change {"memberPerDay":3,"usdPerMonth":49.5}', 'desk.lookAgain guild1']);
    expect(text).toMatch(/Limits on trainings:\*\* a member: 3 a day \(UTC\); this server: \$49\.50 a month \(UTC\)/);
    expect(text).toMatch(/methods billed by the hour are not taken beside a limit/);
    expect((await run('limits')).calls, 'shows them').toEqual([]);
  });

  it('show tells what is spent this month, and what is not known of it', async () => {
    const usage = { ...noUsage, server: { atOnce: 1, usd: 12, hourly: 2, rounds: 0 } };
    expect((await run('show')).text).toMatch(/Limits on trainings:\*\* none\n\*\*Spent this month \(UTC\).*\$0\.00\n/);
    expect((await run('show', {}, fakeServices({ usage }))).text).toMatch(
      /\$12\.00, and 2 trainings billed by the hour, whose price I do not know/,
    );
    const counted = await run('show', {}, fakeServices({ usage, settings: { usdPerHourly: 4 } }));
    expect(counted.text).toMatch(/\$20\.00; a training billed by the hour counts as \$4\.00, of which there were 2/);
  });

  it('plan is stored and shown, and what waits for room is looked at again', async () => {
    const { calls, text } = await run('plan', { options: { plan: 'standard' } });
    expect(calls).toEqual(['settings.change {"plan":"standard"}', 'desk.lookAgain guild1']);
    expect(text).toContain('plan:** Standard: 10 at once');
  });

  it('takes the base model back, and refuses what is none or does not go with the method', async () => {
    expect((await run('defaults', { options: { base_model: '-' } })).calls).toEqual(['settings.change {}']);
    const refused = fakeServices();
    const options = { method: 'lora-sdxl', base_model: 'midjourney' };
    await expect(run('defaults', { options }, refused)).rejects.toThrow(
      /LoRA for SDXL lets nobody choose a base model/,
    );
    await expect(run('defaults', { options: { base_model: 'a b' } }, refused)).rejects.toThrow(/as ModelsLab lists it/);
    expect(refused.calls).toEqual([]);
  });

  it('forget asks first, and warns of what runs', async () => {
    const { text, calls } = await run('forget', {}, fakeServices({ jobs: [aJob('training')] }));
    expect(text).toMatch(/cannot be undone[\s\S]*1 running.*\/cancel/);
    expect(calls).toEqual([]);
    const pressed = await use(config.buttons?.forget, 'forget:guild1', { isAdmin: true });
    expect(pressed.calls).toEqual(['forgetGuild guild1']);
  });
});

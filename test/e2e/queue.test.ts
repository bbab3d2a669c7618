import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Member } from '../../playground/discord/driver/member.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;
// Trainings wait on one stage until the test ends them.
beforeAll(async () => {
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

async function started(server: Server, member: Member, name: string): Promise<Order> {
  const order = await server.train({ name }, member);
  await order.start();
  return order;
}

const unfinished = (server: Server) => server.trainings().filter(({ ending }) => ending === undefined);
const running = (server: Server, count: number) =>
  stage.modelsLab.until(() => unfinished(server).length === count, patience);

/** The most that the provider had of a server's at any time. */
function mostAtOnce(server: Server): number {
  const ids = server.trainings().map(({ id }) => id);
  let [now, most] = [0, 0];
  for (const event of stage.modelsLab.events.seen) {
    if (!('trainingId' in event) || !ids.includes(event.trainingId)) continue;
    if (event.type === 'accepted') now += 1;
    if (event.type === 'stage' && event.stage === 'model_ready') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

const refusedForRoom = () =>
  stage.modelsLab.events.seen.filter((event) => event.type === 'request' && event.outcome === 429);

const finish = async (server: Server) => {
  for (const { id } of unfinished(server)) await stage.modelsLab.move(id, 'model_ready');
};

it('lets more go at once when an admin says that the plan allows more', async () => {
  const server = await stage.addServer({ account: { plan: 'standard' } });
  const orders = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => server.train({ name })));
  for (const order of orders) await order.start();
  const find = (what: RegExp) => Promise.race(orders.map((order) => order.says(what)));
  const next = await find(/Next in line.*takes 5 orders of this server at a time.*Nothing has been sent or billed/);
  const last = await find(/Number 2 in line/);
  await running(server, 5);

  await server.bob.press(last, /^cancel:/);
  await stage.becomes(last, /never reached ModelsLab: nothing was billed/);
  const set = await server.ask(server.ada, 'config plan', { plan: 'standard' });
  expect(set.content).toMatch(/ModelsLab plan:\*\* Standard: 10 at once/);
  await running(server, 6);
  await stage.becomes(next, /▶ \*\*Training\*\*/);
  await finish(server);
  await Promise.all(orders.map((order) => order.end(/is ready|was cancelled/)));
  expect(server.charges()).toHaveLength(6);
});

it('keeps to five at once with members taking turns, also when it is killed meanwhile', async () => {
  const server = await stage.addServer();
  const [cyd, dee] = ['Cyd', 'Dee'].map((name) => server.guild.addMember({ name })) as [Member, Member];
  const orders = await Promise.all([
    ...['Bob 1', 'Bob 2', 'Bob 3', 'Bob 4'].map((name) => started(server, server.bob, name)),
    started(server, cyd, 'Cyd 1'),
  ]);
  await running(server, 5);
  const bobs = await started(server, server.bob, 'Bob 5');
  await bobs.says(/Next in line/);
  const cyds = await started(server, cyd, 'Cyd 2');
  const cydsCard = await cyds.says(/Next in line/);
  const dees = await started(server, dee, 'Dee 1');
  const deesCard = await dees.says(/Next in line/);
  await bobs.says(/Number 3 in line/);
  await stage.becomes(cydsCard, /Number 2 in line/);
  expect((await server.ask(cyd, 'status')).content).toMatch(/Cyd 2.*waiting, number 2 in line/);

  await stage.restart('SIGKILL');
  // One of Bob's, who has more of them than Cyd: whose photos were ready first is chance.
  const first = unfinished(server).find(({ request }) => /bob/i.test(String(request['instance_prompt'])))!;
  await stage.modelsLab.move(first.id, 'model_ready');
  await stage.becomes(deesCard, /▶ \*\*Training\*\*/);
  await stage.becomes(cydsCard, /Next in line/);
  expect(unfinished(server)).toHaveLength(5);

  await finish(server);
  await running(server, 2);
  await stage.becomes(cydsCard, /▶ \*\*Training\*\*/);
  await finish(server);
  await Promise.all([...orders, bobs, cyds, dees].map((order) => order.end(/is ready/)));
  const sent = server.trainings().map(({ request }) => String(request['instance_prompt']));
  expect(sent).toHaveLength(8);
  expect(mostAtOnce(server)).toBe(5);
  expect(server.charges()).toHaveLength(8);
  expect(refusedForRoom()).toEqual([]);
});

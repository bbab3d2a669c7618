import { expect, it } from 'vitest';
import { startStage } from './stage.ts';

it('opens no inspector when it is sent SIGUSR1, and goes on', async () => {
  const stage = await startStage();
  try {
    const server = await stage.addServer();
    process.kill(stage.program().pid, 'SIGUSR1');
    expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
    await stage.check();
    expect(stage.program().output()).not.toMatch(/Debugger/);
  } finally {
    await stage.close();
  }
});

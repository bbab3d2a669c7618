import type { CommandView } from '../../protocol.ts';
import type { Gathered } from '../files/use-files.ts';
import { usePage } from '../page.ts';
import type { Place } from '../state/state.ts';
import type { CommandDraft, Problems } from './command-draft.ts';
import { fileOptions, readDraft } from './command-draft.ts';

interface Sending {
  readonly place: Place;
  readonly command: CommandView;
  readonly gathered: Gathered;
  readonly onDone: () => void;
}

/** Sends the command as it is filled in, or returns what has to be put right first. */
export function useCommandSending({ place, command, gathered, onDone }: Sending): (draft: CommandDraft) => Problems {
  const { ask, dispatch } = usePage();
  return (draft) => {
    const uploads = gathered.files.map(({ upload }) => upload);
    const fileIds = uploads.flatMap((upload) => (upload.state === 'there' ? upload.fileId : []));
    const { values, problems } = readDraft(command, draft, fileIds);
    if (Object.keys(problems).length > 0) return problems;
    const trouble = whyNot(command, gathered, fileIds.length);
    if (trouble !== undefined) {
      dispatch({ type: 'notice', text: trouble, isTrouble: true });
      return {};
    }
    const use = { type: 'command', channelId: place.id, path: command.path, options: values } as const;
    void ask(use).then((answer) => {
      if (answer.type === 'done') onDone();
    });
    return {};
  };
}

function whyNot(command: CommandView, { files }: Gathered, arrived: number): string | undefined {
  const slots = fileOptions(command).length;
  if (files.length > slots) {
    return slots === 0
      ? `/${command.path} takes no files. Leave it, or take the files out.`
      : `/${command.path} takes ${slots} files. Take some out.`;
  }
  return arrived < files.length ? 'Not all files are there yet. Wait, or take out what failed.' : undefined;
}

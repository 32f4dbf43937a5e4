import { withCommandsHere } from '../../stack/here.ts';
import { unknown } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { commandHelp, helpText } from '../help.ts';
import { styleFor } from '../style.ts';
import { printVerbatim } from '../surroundings.ts';

export const help = defineCommand({
  usage: 'help [COMMAND]',
  summary: 'show help',
  examples: ['fairway help', 'fairway help deploy'],
  read({ words: [topic] }) {
    return async ({ around, commands }) => {
      const style = styleFor(around.out.isTTY ?? false, around.env);
      if (topic === undefined) {
        printVerbatim(around.out, withCommandsHere(helpText(commands, style)));
        return exitCode.done;
      }
      const command = Object.hasOwn(commands, topic) ? commands[topic] : undefined;
      if (!command) throw unknown('command', topic, Object.keys(commands));
      printVerbatim(around.out, withCommandsHere(commandHelp(command, style)));
      return exitCode.done;
    };
  },
});

/** Commands that messages advise. */
const ADVISED =
  /\bfairway (?=(?:announce|cancel|deploy|follow|hold|releases|resume|rollback|run|runs|show|status|stop|why) )/g;

/** A rendered message in which Fairway's command is called as the people of this installation call it. */
export function callingIt<Message>(command: string | undefined, message: Message): Message {
  if (command === undefined) return message;
  // A function as the replacement: "$&" in a command is no pattern.
  const rename = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replace(ADVISED, () => `${command} `) : value;
  return JSON.parse(JSON.stringify(message, rename));
}

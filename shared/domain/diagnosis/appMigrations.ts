import { type AppRow, name } from './appRow.ts';

const ALONE =
  'Find out whether another migration still runs (another release, or a task that was stopped). If none does, release the lock with the tool: prisma and Rails free it with the database session, others have a command (liquibase release-locks, knex migrate:unlock).';

/** Migrations, and schemas that do not fit the code. */
export const MIGRATIONS: readonly AppRow[] = [
  {
    kind: 'migrationLocked',
    pattern:
      /advisory lock|Could not acquire change log lock|Waiting for changelog lock|Migration table is already locked|MigrationLocked|ConcurrentMigration\w*|another migration process|LockNotAvailable|LockWaitTimeout|Lock wait timeout exceeded|canceling statement due to lock timeout|can't acquire lock|lock timeout|locked by (?!default)\S+|Unable to (?:acquire|obtain) (?:\S+ ){0,3}lock|PESSIMISTIC_LOCK|could not obtain lock|Can't take lock to run migrations|(?:goose|migrat\w*|atlas|dbmate|schema)\b.*(?:acquire|obtain|get)\b.*\block/i,
    means: (found) => `a lock is held that the migration needs, perhaps by another migration${named(found)}`,
    advice: ALONE,
    example:
      'Unexpected error running Liquibase: Could not acquire change log lock.  Currently locked by ip-10-0-1-5 (10.0.1.5)',
  },
  {
    kind: 'migrationChanged',
    pattern:
      /[Cc]hecksum mismatch(?:.*version (\S+))?|changesets? check ?sum|Validation Failed:.*check ?sum|was modified after it was applied|migration file .*has (?:been )?(?:changed|modified)|corrupted migration|migration \S+ is missing from/i,
    means: (found) =>
      `a migration${found[1] ? ` (version ${found[1]})` : ''} was changed after it had been applied (checksum)`,
    advice:
      'Revert the change and write a new migration instead; if the database is right, let the tool accept it (flyway repair, liquibase clear-checksums).',
    example: 'Migration checksum mismatch for migration version 12',
  },
  {
    kind: 'migrationFailed',
    pattern:
      /Dirty database|P3009|P3018|failed migrations in the target database|Detected failed migration|Can't locate revision|Multiple head revisions|Target database is not up to date|Migration .* failed to apply|conflicting migrations|InconsistentMigrationHistory|NodeNotFoundError|migration .*missing from the (?:filesystem|directory)|migration directory is corrupt|The migration directory is corrupt|no migration found for version|no change/i,
    means: () => 'an earlier migration failed, or the history of migrations does not fit this image',
    advice:
      'Check the migration that the line names: fix the database, mark it as resolved (prisma migrate resolve, migrate force, alembic merge for several heads), and make sure that the image contains every revision that was applied.',
    example: "FAILED: Can't locate revision identified by 'a1b2c3d4e5f6'",
  },
  {
    kind: 'schemaConflict',
    pattern:
      /(?:relation|table|column|index|constraint|type|schema|database|key|object) (?:name )?[`'"[]?[\w.$]+[`'"\]]?(?: of relation "[^"]+")? (?:already exists|specified twice)|Duplicate (?:column|table|key) name|Duplicate(?:Table|Column|Object|Index)|Column already exists|already an object named|ORA-00955|table .* already exists/i,
    means: () => 'the migration creates what already exists in the database',
    advice:
      'Compare the schema with the history of migrations: someone may have changed it by hand, or an earlier migration stopped in the middle. Mark the migration as applied, or make it tolerate what is there (IF NOT EXISTS).',
    example: 'psycopg2.errors.DuplicateTable: relation "users" already exists',
  },
  {
    kind: 'schemaConflict',
    pattern:
      /(?:relation|table|column|schema|function|type|database) [`'"]?[\w.$-]+[`'"]?(?: of relation "[^"]+")? (?:does not|doesn't) exist|Unknown database|Undefined(?:Table|Column|Function|Object)|no such (?:table|column)|Unknown column|Invalid (?:object|column) name|ORA-00942|ER_NO_SUCH_TABLE|42P01|42703|PendingMigration\w*|[Mm]igrations? (?:are|is) pending|unapplied migration|BadRowCount|ER_BAD_FIELD_ERROR/,
    means: (found) =>
      `the schema of the database lacks what this image needs (${shortly(name(found, found[0], 0))})`,
    advice:
      'Run the migration before the services (a release task under `before`), and check that it ran against this database and schema.',
    example: 'ERROR: relation "users" does not exist',
  },
];

function named(found: RegExpExecArray): string {
  const by = /locked by (\S+)/i.exec(found.input)?.[1];
  return by === undefined ? '' : ` (held by ${by})`;
}

function shortly(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

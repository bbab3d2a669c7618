import { sql, type RawBuilder } from 'kysely';

/** For `in`, with a list that may grow beyond what SQLite takes as parameters of one statement: it is one parameter. */
export function oneOf<T extends string>(values: Iterable<T>): RawBuilder<T> {
  return sql<T>`(select value from json_each(${JSON.stringify([...values])}))`;
}

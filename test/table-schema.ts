import { table } from '../stack/resources.ts';

/** The table of the stack, as DynamoDB is asked for it. */
export const TableName = 'fairway';
const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } =
  table().Table?.Properties ?? {};
export const SCHEMA = { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };

/** What AWS answers though its model does not have it: docs/local-cloud.md, "Where models and behavior disagree". */
const KNOWN = [
  /\.TableThroughputModeSummary: TableDescription has no such member$/,
  // The table server reads an attribute of this name from every object's prototype.
  /^GetItem\.Item\.__proto__: expected one member of AttributeValue/,
];

export function isDisagreement(fault: string): boolean {
  return KNOWN.some((known) => known.test(fault));
}

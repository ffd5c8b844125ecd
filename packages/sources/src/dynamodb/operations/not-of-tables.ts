/** Why members of CreateTable and UpdateTable are refused. */
export const notOfTables = {
  encryption: "encryption is not simulated",
  warmThroughput: "warm throughput is not simulated",
  vectorIndexes: "vector indexes are not simulated",
  globalTables: "global tables are not simulated",
} as const;

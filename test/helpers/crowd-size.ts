/**
 * How many come at once where a test needs a crowd. 5000 are asked of a release; in a test where both ends of their
 * connections lie in one process, they take 10 000 descriptors. A multiple of 200.
 */
export const CROWD_SIZE = Number(process.env.GS_TEST_CROWD ?? 2000)

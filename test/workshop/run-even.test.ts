import { testLessons } from "./run.js";

testLessons(2, 4, 6, 8);

import { testLessons } from "./run.js";

testLessons(1, 3, 5, 7);

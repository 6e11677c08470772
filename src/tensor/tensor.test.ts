import {
  creatorTests,
  dtypeTests,
  errorTests,
  gradientTests,
  placeTests,
  sizeTests,
  windowTests,
} from "../testing/tensorSuite";

creatorTests();
dtypeTests();
errorTests();
sizeTests();
windowTests();
placeTests();
gradientTests();

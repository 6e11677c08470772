import {
  creatorTests,
  dtypeTests,
  errorTests,
  gradientTests,
  placeTests,
  sizeTests,
  windowTests,
} from "./tensor.devices.test";

creatorTests();
dtypeTests();
errorTests();
sizeTests();
windowTests();
placeTests();
gradientTests();

import { creatorTests, dtypeTests, errorTests, gradientTests, placeTests, sizeTests } from "../testing/tensorSuite";

creatorTests();
dtypeTests();
errorTests();
sizeTests();
placeTests();
gradientTests();

import { creatorTests, dtypeTests, errorTests, placeTests, sizeTests } from "../testing/tensorSuite";

creatorTests();
dtypeTests();
errorTests();
sizeTests();
placeTests();

import { argumentTests, distributionTests } from "../testing/randomSuite";

distributionTests();
argumentTests();

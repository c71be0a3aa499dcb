/**
 * From loss points to exponents with intervals. Takes points from anywhere (a sweep's {@code
 * points.csv} or anybody's CSV), knows nothing of configuration, planning or training, and uses no
 * other package of the harness but the root's exception and file helper.
 */
package org.isoflop.harness.analysis;

/**
 * What is trained: decoder sizes, exact parameter and FLOP counts, initial weights, and the
 * training program ({@code decoder.py}) with the typed handle that runs it through Deep Java
 * Library.
 *
 * <p>Owns everything that knows the inside of a decoder. Uses DJL and the JDK, nothing of the
 * harness.
 */
package org.isoflop.models;

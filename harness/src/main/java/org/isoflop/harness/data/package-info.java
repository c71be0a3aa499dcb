/**
 * From a user's text to tokens on their way to a device: finds the documents in files, folders and
 * archives, splits them by content, encodes them into a {@link TokenStore}, and says which windows
 * of it make up the batch of a step.
 *
 * <p>Everything here is a function of the documents' content, the configuration and the seed: never
 * of file names, of the order of a folder, of the clock or of how often a run was resumed. Uses no
 * other package of the harness but the root's exception and file helper.
 */
package org.isoflop.harness.data;

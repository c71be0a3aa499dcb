/**
 * How text becomes tokens and back: {@link org.isoflop.harness.data.tokenizers.Tokenizer} says what
 * any of them does, {@link org.isoflop.harness.data.tokenizers.Tokenizers} which there are (bytes,
 * OpenAI's by {@code TiktokenRanks}, and any {@code tokenizer.json}, where {@code
 * BytePairTokenizer} can be quick about it and {@code JsonTokenizer} where it cannot), {@link
 * org.isoflop.harness.data.tokenizers.BpeTrainer} learns one. Uses nothing of the harness but its
 * root, and knows nothing of files of text, splits or windows.
 */
package org.isoflop.harness.data.tokenizers;

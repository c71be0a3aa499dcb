package org.isoflop.harness.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Texts of random words, and others as similar to them as is wanted. */
final class PlantedTexts {

  private static final int RUN = 5;

  private final Random random;
  private long fresh;

  PlantedTexts(long seed) {
    this.random = new Random(seed);
  }

  /** Returns so many words, of a few thousand different ones. */
  List<String> words(int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("w" + random.nextInt(5000));
    }
    return words;
  }

  /** Returns the same with so many words, spread over them, made others. */
  List<String> changed(List<String> words, int changes) {
    List<String> other = new ArrayList<>(words);
    for (int i = 0; i < changes; i++) {
      other.set((int) ((i + 0.5) * words.size() / changes), "fresh" + fresh++);
    }
    return other;
  }

  /** Returns the Jaccard similarity of the runs of five words of both. */
  static double jaccard(List<String> one, List<String> other) {
    Set<List<String>> both = runs(one);
    Set<List<String>> all = runs(other);
    int sum = both.size() + all.size();
    all.addAll(both);
    return (double) (sum - all.size()) / all.size();
  }

  /** Returns the runs of five words. */
  static Set<List<String>> runs(List<String> words) {
    Set<List<String>> runs = new HashSet<>();
    for (int i = 0; i + RUN <= words.size(); i++) {
      runs.add(words.subList(i, i + RUN));
    }
    return runs;
  }
}

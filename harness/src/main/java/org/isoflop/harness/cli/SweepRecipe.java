package org.isoflop.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Comparison.Difference;
import org.isoflop.harness.analysis.Comparison.Recipes;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.Environment;
import org.isoflop.harness.sweep.SweepFolder;

/**
 * How a set of points was made, as far as the folder they lie in says: the configuration of a
 * sweep, and the text it ran on. A table that lies in no sweep's folder says nothing.
 *
 * @param name what the set is called
 * @param config of the sweep, or why there is none
 * @param environment of the sweep
 */
record SweepRecipe(String name, Fitted<SweepConfig> config, Optional<Environment> environment) {

  /** A value longer than this is cut, so that a list of cells does not fill the screen. */
  private static final int LONGEST_VALUE = 120;

  private static final int HASH_SHOWN = 8;

  /** Looks beside the points of a source. */
  static SweepRecipe of(String name, Path source) {
    Path beside = source.toAbsolutePath().getParent();
    Optional<SweepFolder> folder =
        Optional.of(new SweepFolder(Files.isDirectory(source) ? source : beside))
            .filter(SweepFolder::exists)
            .filter(found -> Files.isDirectory(source) || isPoints(source, found));
    if (folder.isEmpty()) {
      return new SweepRecipe(
          name, Fitted.refused(name + " is a table, which does not say."), Optional.empty());
    }
    return new SweepRecipe(
        name, config(folder.get()), Environment.read(folder.get().environment()));
  }

  private static boolean isPoints(Path source, SweepFolder folder) {
    return source.getFileName().equals(folder.points().getFileName());
  }

  private static Fitted<SweepConfig> config(SweepFolder folder) {
    try {
      return Fitted.of(SweepConfig.read(folder.config()));
    } catch (BadInputException e) {
      return Fitted.refused(
          e.getMessage()); // of another version: its points are sound all the same
    }
  }

  /** Returns what is known of this, the baseline, and another. */
  Recipes against(SweepRecipe other) {
    Optional<String> otherText = otherText(other);
    return new Recipes(
        differences(other),
        isKnown() && other.isKnown() && otherText.isEmpty(),
        otherText,
        sameSeed(other).stream().toList());
  }

  private boolean isKnown() {
    return environment.isPresent() && config.value().isPresent();
  }

  private Fitted<List<Difference>> differences(SweepRecipe other) {
    for (SweepRecipe one : List.of(this, other)) {
      if (one.config.refused().isPresent()) {
        return Fitted.refused(one.config.refused().get());
      }
    }
    boolean sameCorpus = hash().isPresent() && hash().equals(other.hash());
    boolean sameHeldOut = heldOutHash().isPresent() && heldOutHash().equals(other.heldOutHash());
    return Fitted.of(
        config
            .value()
            .orElseThrow()
            .differencesWithRepeats(other.config.value().orElseThrow())
            .stream()
            // The same text may lie elsewhere, and be held out for another reason.
            .filter(found -> !(sameCorpus && found.key().equals("corpus.files")))
            .filter(found -> !(sameHeldOut && found.key().startsWith("corpus.validation_")))
            .map(found -> new Difference(found.key(), cut(found.then()), cut(found.now())))
            .toList());
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + " …";
  }

  private Optional<String> sameSeed(SweepRecipe other) {
    Optional<Long> seed = config.value().map(found -> found.training().seed());
    return seed.filter(own -> other.config.value().map(c -> c.training().seed()).equals(seed))
        .map(
            own ->
                Quantities.format(
                    "Both were trained with seed %d: noise they have in common makes the intervals"
                        + " of the changes too wide rather than too narrow.",
                    own));
  }

  private Optional<String> hash() {
    return environment.map(ran -> ran.corpus().hash());
  }

  private Optional<String> heldOutHash() {
    return environment.flatMap(ran -> ran.corpus().validationHash());
  }

  /** Returns why the losses of both are of other text; nothing where that is not known. */
  private Optional<String> otherText(SweepRecipe other) {
    if (environment.isEmpty() || other.environment.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> otherHeldOut = otherHeldOut(other);
    if (otherHeldOut.isPresent()) {
      return otherHeldOut;
    }
    Optional<Double> share = share();
    Optional<Double> otherShare = other.share();
    return share.isEmpty() || otherShare.isEmpty() || isSame(share.get(), otherShare.get())
        ? Optional.empty()
        : incomparable(
            other,
            "they are taken over %s and %s of the held-out text; evaluation.tokens: %.0f in %s"
                + " would take the same",
            Quantities.percent(share.get()),
            Quantities.percent(otherShare.get()),
            share.get() * other.heldOutTokens(),
            other.name);
  }

  /**
   * Whether shares are of the same text, give or take: it is the first of what is held out, so that
   * all but a hundredth of it is the same, and no tokens of another tokenizer come closer for sure.
   */
  private static boolean isSame(double share, double other) {
    return Math.abs(share - other) <= 0.01 * Math.max(share, other);
  }

  /**
   * Returns why other documents are held out: by their own hash where both say it; of one text, by
   * how many they are.
   */
  private Optional<String> otherHeldOut(SweepRecipe other) {
    if (heldOutHash().isPresent() && heldOutHash().equals(other.heldOutHash())) {
      return Optional.empty();
    }
    if (!hash().equals(other.hash())) {
      return incomparable(
          other,
          "their corpora are of other text (hashes %s… and %s…), and so is what they hold out;"
              + " corpus.validation_as_in holds out the same",
          shortHash(),
          other.shortHash());
    }
    boolean bothSay = heldOutHash().isPresent() && other.heldOutHash().isPresent();
    return bothSay || heldOut() != other.heldOut()
        ? incomparable(
            other,
            "they hold out %,d and %,d documents of their corpus, not the same ones",
            heldOut(),
            other.heldOut())
        : Optional.empty();
  }

  private Optional<String> incomparable(SweepRecipe other, String why, Object... values) {
    return Optional.of(
        Quantities.format("The losses of %s and %s cannot be compared: ", name, other.name)
            + Quantities.format(why, values)
            + ".");
  }

  private String shortHash() {
    String hash = hash().orElseThrow();
    return hash.substring(0, Math.min(HASH_SHOWN, hash.length()));
  }

  private long heldOut() {
    return environment.orElseThrow().corpus().validationDocuments();
  }

  /** Returns the share of the held-out text that losses are taken over, where that is known. */
  private Optional<Double> share() {
    return config
        .value()
        .map(found -> Math.min(1, (double) found.evaluation().tokens() / heldOutTokens()));
  }

  private long heldOutTokens() {
    return environment.orElseThrow().corpus().validationTokens();
  }
}

package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CorpusTextTest {

  @Test
  void saysWhatWasKeptAndWhatWasLeftOutAtAnySize() {
    assertThat(CorpusText.describe(Plans.CORPUS))
        .isEqualTo(
            "1,234 documents (5 duplicates and 1 empty or binary left out),"
                + " 41.2M train and 1.05k validation tokens");
  }
}

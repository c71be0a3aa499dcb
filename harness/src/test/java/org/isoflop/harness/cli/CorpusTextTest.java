package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CorpusTextTest {

  @Test
  void saysWhatWasKeptAndWhatWasLeftOutAtAnySize() {
    assertThat(CorpusText.describe(Plans.CORPUS))
        .isEqualTo(
            "1,234 documents (left out: 5 duplicate, 1 hidden),"
                + " 41.2M train and 1.05k validation tokens");
  }
}

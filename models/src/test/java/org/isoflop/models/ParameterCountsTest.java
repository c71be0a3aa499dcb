package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParameterCountsTest {

  @Test
  void totalsAreTheThreeMeaningsOfN() {
    ParameterCounts counts = new ParameterCounts(10_000, 2000, 300, 40, 5);

    assertThat(counts.total()).isEqualTo(12_345);
    assertThat(counts.nonEmbedding()).isEqualTo(2340);
    assertThat(counts.matmul()).isEqualTo(2345);
  }

  @Test
  void aTiedHeadMultipliesButIsCountedOnce() {
    ParameterCounts counts = new ParameterCounts(10_000, 2000, 300, 40, 0);

    assertThat(counts.total()).isEqualTo(12_340);
    assertThat(counts.nonEmbedding()).isEqualTo(2340);
    assertThat(counts.matmul()).isEqualTo(12_340);
  }
}

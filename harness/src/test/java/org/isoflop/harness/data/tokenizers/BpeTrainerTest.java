package org.isoflop.harness.data.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.isoflop.harness.data.tokenizers.TokenizersTest.FILES;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BpeTrainerTest {

  @TempDir private Path folder;

  /** The file that Hugging Face's trainer wrote of the same documents, whole. */
  @Test
  void theFileIsTheOneThatHuggingFacesTrainerWrites() throws IOException {
    BpeTrainer.Trained trained = train(512, documents());
    assertThat(json(trained))
        .isEqualTo(new ObjectMapper().readTree(FILES.resolve("bpe-512.json").toFile()));
    assertThat(trained.vocabulary()).isEqualTo(512);
    assertThat(trained.sample().documents()).isEqualTo(9);
    assertThat(trained.sample().bytes())
        .isEqualTo(documents().stream().mapToLong(document -> bytes(document).length).sum());
    assertThat(trained.sample().rarest()).isEqualTo(1);
  }

  /** Sennrich et al. 2016, figure 1, with the counts of its text; the rest of it by hand. */
  @Test
  void theMostFrequentPairMergesFirstAndOfEqualsThatOfTheLowerIds() {
    String text =
        "low\n".repeat(5) + "lower\n".repeat(2) + "newest\n".repeat(6) + "widest\n".repeat(3);
    assertThat(merges(train(400, List.of(text))))
        .containsExactly(
            "e s", "es t", "l o", "lo w", "e w", "n ew", "new est", "d est", "i dest", "w idest",
            "e r", "low er");
  }

  @Test
  void neitherTheOrderOfDocumentsNorTheBatchesMatter() throws IOException {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      documents.addAll(documents().subList(i % 5, 9));
    }
    String expected = train(600, documents).json();
    Collections.shuffle(documents, new Random(3));
    BpeTrainer small = new BpeTrainer(600, 1 << 20, 3000);
    documents.forEach(document -> small.add(bytes(document)));
    assertThat(small.train().json()).isEqualTo(expected);
  }

  @Test
  void aTrainedFileEncodesWhatItLearnedAndComesBack() throws IOException {
    Path file = folder.resolve("made/it.json");
    train(300, documents()).write(file);
    Tokenizer tokenizer = Tokenizers.named(file.toString());
    assertThat(tokenizer.vocabulary()).isEqualTo(300);
    assertThat(tokenizer.separator()).isZero();
    String text = Files.readString(FILES.resolve("text.txt"));
    assertThat(tokenizer.count(bytes(text))).isLessThan(bytes(text).length * 9 / 10);
  }

  @Test
  void whatHasFewerPairsThanWereAskedForGivesASmallerVocabulary() {
    BpeTrainer.Trained trained = train(5000, List.of("ab ab"));
    assertThat(merges(trained)).containsExactly("a b", "\u0120 ab");
    assertThat(trained.vocabulary()).isEqualTo(259);
    assertThat(train(5000, List.of()).vocabulary()).isEqualTo(257);
  }

  /** Of 30 words at most: those that come again stay, those seen once in a batch go. */
  @Test
  void theRarestWordsGoWhereThereAreTooMany() {
    BpeTrainer trainer = new BpeTrainer(261, 30, 200);
    IntStream.range(0, 300).forEach(i -> trainer.add(bytes("token\ntoken\nx" + i)));
    BpeTrainer.Trained trained = trainer.train();
    assertThat(trained.sample().words()).isBetween(2, 30);
    assertThat(trained.sample().rarest()).isGreaterThan(1);
    assertThat(trained.sample().documents()).isEqualTo(300);
    assertThat(merges(trained)).containsExactly("e n", "k en", "o ken", "t oken");
  }

  @Test
  void refusesVocabulariesThatHoldNoMerge() {
    assertThatThrownBy(() -> new BpeTrainer(256))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "a BPE vocabulary of 256 is too small, its 256 bytes and <|endoftext|> are 257; 1024,"
                + " 4096 or 16384 would do");
  }

  private static List<String> documents() throws IOException {
    return List.of(Files.readString(FILES.resolve("text.txt")).split("\n\n"));
  }

  private static BpeTrainer.Trained train(int vocabulary, List<String> documents) {
    BpeTrainer trainer = new BpeTrainer(vocabulary);
    documents.forEach(document -> trainer.add(bytes(document)));
    return trainer.train();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(BpeTrainer.Trained trained) {
    try {
      return new ObjectMapper().readTree(trained.json());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> merges(BpeTrainer.Trained trained) {
    return StreamSupport.stream(json(trained).at("/model/merges").spliterator(), false)
        .map(pair -> pair.get(0).asText() + " " + pair.get(1).asText());
  }
}

// What bench_search does, done by Lucene: builds an index of videos and asks it questions, in one
// thread.
//
//   java LuceneSearch.java DOCUMENTS QUERIES DIRECTORY
//
// DOCUMENTS: in each line name, tags and description, separated by tabs. QUERIES: a query in each
// line. Prints the seconds of processor time that building took, then for each query a line with
// the microseconds that it took and the names of the best videos, separated by tabs. All queries
// are asked once before, so that the code that is measured has been compiled.

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;

public class LuceneSearch {
  private static final String[] FIELDS = {"name", "tags", "description"};
  private static final float[] BOOSTS = {4, 2, 1};
  private static final int BEST = 20;

  private final Analyzer analyzer =
      new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
          StandardTokenizer words = new StandardTokenizer();
          return new TokenStreamComponents(
              words, new ASCIIFoldingFilter(new LowerCaseFilter(words)));
        }
      };

  private static long cpuNanoseconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void build(Path documents, FSDirectory directory) throws IOException {
    // Merging in this thread, so that its time is counted.
    IndexWriterConfig config =
        new IndexWriterConfig(analyzer)
            .setMergeScheduler(new org.apache.lucene.index.SerialMergeScheduler());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (String line : Files.readAllLines(documents)) {
        String[] values = line.split("\t", -1);
        Document document = new Document();
        for (int i = 0; i < FIELDS.length; ++i)
          document.add(new TextField(FIELDS[i], values[i], Field.Store.NO));
        document.add(new StoredField("title", values[0]));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
  }

  private Set<String> words(String query) throws IOException {
    Set<String> words = new LinkedHashSet<>();
    try (TokenStream stream = analyzer.tokenStream("name", query)) {
      CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) words.add(word.toString());
      stream.end();
    }
    return words;
  }

  // Any of the words may match; one that is nowhere stands for those that are spelt nearly so.
  private Query query(IndexSearcher searcher, String text) throws IOException {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (String word : words(text)) {
      int known = 0;
      for (String field : FIELDS) known += searcher.getIndexReader().docFreq(new Term(field, word));
      for (int i = 0; i < FIELDS.length; ++i) {
        Term term = new Term(FIELDS[i], word);
        Query one =
            known > 0 ? new TermQuery(term) : new FuzzyQuery(term, word.length() > 5 ? 2 : 1);
        any.add(new BoostQuery(one, BOOSTS[i]), BooleanClause.Occur.SHOULD);
      }
    }
    return any.build();
  }

  private List<String> ask(IndexSearcher searcher, String text) throws IOException {
    List<String> names = new ArrayList<>();
    for (ScoreDoc hit : searcher.search(query(searcher, text), BEST).scoreDocs)
      names.add(searcher.storedFields().document(hit.doc).get("title"));
    return names;
  }

  private void run(String documents, String queries, String index) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (FSDirectory directory = FSDirectory.open(Path.of(index))) {
      long began = cpuNanoseconds();
      build(Path.of(documents), directory);
      out.println((cpuNanoseconds() - began) * 1e-9);
      List<String> asked = Files.readAllLines(Path.of(queries));
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (String text : asked) ask(searcher, text);
        for (String text : asked) {
          long start = cpuNanoseconds();
          List<String> names = ask(searcher, text);
          double took = (cpuNanoseconds() - start) * 1e-3;
          out.println(took + "\t" + String.join("\t", names));
        }
      }
    }
    out.flush();
  }

  public static void main(String[] arguments) throws IOException {
    new LuceneSearch().run(arguments[0], arguments[1], arguments[2]);
  }
}

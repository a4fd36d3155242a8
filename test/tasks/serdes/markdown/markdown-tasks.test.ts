import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { htmlToMarkdown } from "../../../../src/tasks/serdes/markdown/html-to-markdown.ts";
import { markdownToHtml } from "../../../../src/tasks/serdes/markdown/markdown-to-html.ts";
import { markdownToText } from "../../../../src/tasks/serdes/markdown/markdown-to-text.ts";
import { converted } from "../convert.ts";

describe("io.kestra.plugin.serdes.markdown", () => {
  it("writes Markdown as HTML", async () => {
    const { text, uri } = await converted(
      markdownToHtml,
      "# Hello\n\n**bold** *it* [l](https://kestra.io)\n\n* Item 1\n\n```js\na<b\n```\n\n<i>raw</i>\n",
    );
    assert.equal(
      text,
      '<h1>Hello</h1>\n<p><strong>bold</strong> <em>it</em> <a href="https://kestra.io">l</a></p>\n<ul>\n<li>Item 1</li>\n</ul>\n<pre><code class="language-js">a&lt;b\n</code></pre>\n<p><i>raw</i></p>\n',
    );
    assert.match(uri, /data\.html$/);
  });

  it("writes Markdown as text", async () => {
    const { text } = await converted(
      markdownToText,
      "# Head\n\nRead *more*\nat [reuters.com](https://reuters.com). `code`\n\n- Item A\n- Item B\n",
    );
    assert.equal(text, "Head\nRead more at reuters.com. \n- Item A\n\n- Item B");
  });

  const cases: [title: string, html: string, markdown: string, given?: object][] = [
    [
      "headings and texts",
      "<h1>Hello Kestra</h1><p>This is <b>bold</b> and <i>italic</i> <a href='https://kestra.io'>link</a></p>",
      "# Hello Kestra\n\nThis is **bold** and *italic* [link](https://kestra.io)\n",
    ],
    [
      "lists",
      "<ul><li>Item 1</li><li>Item 2<ul><li>x</li></ul></li></ul><ol><li>a</li><li>b</li></ol>",
      "* Item 1\n* Item 2\n  * x\n\n1. a\n2. b\n",
    ],
    [
      "code, breaks, rules and quotes",
      "<pre><code>x\ny</code></pre><p>a<br>b <code>c</code></p><hr><blockquote>q</blockquote>",
      "    x\n    y\n\na  \nb `c`\n\n*** ** * ** ***\n\n> q\n",
    ],
    [
      "what is preformatted and no code",
      "<pre>x\n  y<br>z</pre><pre>a ``` b</pre>",
      "```\nx\n  y\nz\n```\n\n````\na ``` b\n````\n",
    ],
    [
      "code of a language",
      "<pre><code class='language-js'>a &lt; b\n\nc\n</code></pre>",
      "```js\na < b\n\nc\n```\n",
    ],
    [
      "what is struck out, inserted, lowered and raised",
      "<p><del>d</del> <s>s</s> <u>u</u> <ins>i</ins> H<sub>2</sub>O x<sup>2</sup><del> e </del>f</p>",
      "~~d~~ ~~s~~ ++u++ ++i++ H~2~O x^2^ ~~e~~ f\n",
    ],
    [
      "a whole page, without what is not on it",
      "<!doctype html><html><head><title>T</title><meta charset='utf-8'></head><body><p>p</p></body></html>",
      "p\n",
    ],
    [
      "tables",
      "<table><tr><th>Name</th><th>Age</th></tr><tr><td>Alice</td><td>30</td></tr></table>",
      "| Name  | Age |\n|-------|-----|\n| Alice | 30  |\n",
    ],
    [
      "no scripts, and nothing that is to be left out",
      "<script>x</script><nav>n</nav><p class='ad'>a</p><p>b</p>",
      "b\n",
      { ignoreTags: ["nav", ".ad"] },
    ],
    [
      "addresses on a base",
      "<a href='/a'>l</a> <img src='i.png' alt='L'>",
      "[l](https://x.test/a) ![L](https://x.test/d/i.png)\n",
      { baseUri: "https://x.test/d/" },
    ],
    ["nothing", "", ""],
  ];
  for (const [title, html, markdown, given] of cases) {
    it(`writes HTML as Markdown: ${title}`, async () =>
      assert.equal((await converted(htmlToMarkdown, html, { ...given })).text, markdown));
  }
});

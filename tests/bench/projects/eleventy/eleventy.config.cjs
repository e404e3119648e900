const notes = require("markdown-it-footnote");

module.exports = (config) => {
  config.amendLibrary("md", (markdown) => markdown.use(notes));
  return { dir: { input: "src", output: "out" }, markdownTemplateEngine: false };
};

"""Texts that come as documents, not as lines: DOCX, ODT, RTF, HTML, EPUB, Markdown …"""
